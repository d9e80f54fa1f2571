// Everything that the run has written, to take away.
import { useState } from 'preact/hooks';

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
  ['directions', 'Directions of the latent space'],
  ['surfaces', 'Loss surfaces'],
  ['inversions', 'Errors of inversion'],
];

function last_part(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function Files({ details }: { details: RunDetails }) {
  return (
    <div class="files">
      {kLists.map(([name, title]) => {
        const files = details[name] as RunFile[];
        return files.length > 0 && <FileList key={name} title={title} files={files} />;
      })}
    </div>
  );
}

// A long run has thousands of files: a list is made when it is opened.
function FileList({ title, files }: { title: string; files: RunFile[] }) {
  const [open, set_open] = useState(false);
  return (
    <details onToggle={(event) => set_open(event.currentTarget.open)}>
      <summary>
        {title} <span class="quiet-text small">{`${files.length} file${files.length === 1 ? '' : 's'}, ${bytes(files.reduce((sum, file) => sum + file.bytes, 0))}`}</span>
      </summary>
      {open && (
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
      )}
    </details>
  );
}
