// Everything that the run has written, to take away.
import type { RunDetails, RunFile } from '../../api/types';
import { bytes } from '../../shared/format';

const kLists: [keyof RunDetails, string][] = [
  ['files', 'The run itself'],
  ['films', 'Films'],
  ['snapshots', 'Snapshots (weights of an epoch)'],
  ['checkpoints', 'Checkpoints (everything needed to go on)'],
  ['samples', 'Samples'],
  ['maps', 'Class maps'],
  ['measures', 'Measures'],
];

function last_part(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function Files({ details }: { details: RunDetails }) {
  return (
    <div class="files">
      {kLists.map(([name, title]) => {
        const files = details[name] as RunFile[];
        if (!files.length) return null;
        return (
          <details key={name}>
            <summary>
              {title} <span class="quiet-text small">{`${files.length} file${files.length === 1 ? '' : 's'}, ${bytes(files.reduce((sum, file) => sum + file.bytes, 0))}`}</span>
            </summary>
            <ul class="file-list" tabIndex={0} aria-label={title}>
              {files.map(({ file, address, bytes: size, modified }) => (
                <li key={file}>
                  <a href={address} download={last_part(file)} class="mono">
                    {file}
                  </a>
                  <span class="quiet-text small">{`${bytes(size)} · ${modified.replace('T', ' ').replace('Z', '')}`}</span>
                </li>
              ))}
            </ul>
          </details>
        );
      })}
    </div>
  );
}
