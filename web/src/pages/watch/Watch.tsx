export default function Watch({ run }: { run: string }) {
  return <h1>Watch {run}</h1>;
}
