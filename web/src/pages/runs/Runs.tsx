export default function Runs({ run }: { run: string }) {
  return <h1>Runs {run}</h1>;
}
