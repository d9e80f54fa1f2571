export default function Compare({ run }: { run: string }) {
  return <h1>Compare {run}</h1>;
}
