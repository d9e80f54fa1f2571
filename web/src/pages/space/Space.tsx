export default function Space({ run }: { run: string }) {
  return <h1>Space {run}</h1>;
}
