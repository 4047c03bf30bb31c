import { Button, FileButton } from '@mantine/core';
import { type DragEvent, useState } from 'react';
import type { RunHeader } from '../../store/experiments-state';
import { useApp } from '../app-context';
import { Panel } from '../kit/panel';
import { hashOf } from '../shell/use-place';
import classes from './experiments.module.css';
import { useImport } from './use-import';

interface RunListProps {
  readonly shown: string | null;
}

/** The runs that are kept in this browser; more come in as files, picked or dropped. */
export function RunList({ shown }: RunListProps) {
  const headers = useApp((state) => state.experiments.headers);
  const importFiles = useImport();
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    importFiles([...event.dataTransfer.files]);
  };
  return (
    <section
      aria-label="Drop a run’s file here to import it"
      className={classes.drop}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Panel
        title="Kept runs"
        aside={
          <FileButton onChange={importFiles} accept=".zip,.json" multiple>
            {(props) => (
              <Button {...props} size="compact-xs" variant="default" className={classes.aside ?? ''}>
                Import
              </Button>
            )}
          </FileButton>
        }
      >
        {headers.length === 0 ? (
          <p className={classes.empty}>
            None yet. Runs stay in this browser until you delete them. Drop an exported zip or a run.json here
            to read it back.
          </p>
        ) : (
          <ul className={classes.runs}>
            {headers.map((header) => (
              <li key={header.id}>
                <a
                  href={hashOf({ page: 'experiments', item: header.id })}
                  aria-current={header.id === shown ? 'true' : undefined}
                >
                  <span className={classes.runName}>{header.name}</span>
                  <span className={classes.dim}>{describe(header)}</span>
                </a>
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </section>
  );
}

function describe({ status, started_at, units, environment }: RunHeader): string {
  const state = status.kind === 'finished' ? '' : `${status.kind}, `;
  const when = new Date(started_at).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
  return `${state}${units} measured · ${environment.adapter.name} · ${when}`;
}
