import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { slotsOf } from '../../../core/serving-config';
import type { InspectedModel } from '../../../core/traffic-control';
import {
  DEFAULT_CONTEXT,
  formatDirectoryName,
  parseDirectoryName,
} from '../../../model/directory/directory-name';
import { formatBytes, formatWhole } from '../../../store/format';
import { useActions, useApp } from '../../app-context';
import classes from './model-panel.module.css';
import rail from './rail.module.css';
import { useRefusal } from './use-refusal';

interface ModelInspectionProps {
  /** As it is loaded, `hub:…` or `picked:…`. */
  readonly name: string;
  readonly holds: InspectedModel;
  /** What the button does. */
  readonly verb: 'Download' | 'Load';
}

const BEST = '';

/** What a directory holds: which of its files is served, with how much context; or all that stands in its way. */
export function ModelInspection({ name, holds, verb }: ModelInspectionProps) {
  const actions = useActions();
  const slots = useApp((state) => slotsOf(state.settings.serving));
  const asked = parseDirectoryName(name);
  const [file, setFile] = useState(asked.file ?? BEST);
  const most = holds.ownContext ?? DEFAULT_CONTEXT;
  const [context, setContext] = useState(String(asked.context ?? Math.min(most, DEFAULT_CONTEXT)));
  const { refusal, attempt } = useRefusal();
  if (holds.obstacles.length > 0) return <Obstacles name={name} obstacles={holds.obstacles} />;

  const tokens = Number(context);
  const allowed = Number.isInteger(tokens) && tokens >= 8 && tokens <= most;
  const load = () =>
    attempt(() =>
      actions.loadModel({
        model: formatDirectoryName({
          ...asked,
          file: file === BEST ? null : file,
          context: tokens === Math.min(most, DEFAULT_CONTEXT) ? null : tokens,
        }),
      }),
    );
  return (
    <form
      className={classes.panel}
      aria-label="What is served of it"
      onSubmit={(event) => {
        event.preventDefault();
        if (allowed) void load();
      }}
    >
      <NativeSelect
        size="xs"
        label="File"
        classNames={{ label: classes.label ?? '' }}
        value={file}
        onChange={(event) => setFile(event.currentTarget.value)}
        data={[
          { value: BEST, label: 'Whichever suits the backend best' },
          ...holds.files.map(({ path, bytes, says }) => ({
            value: path,
            label: `${path} · ${formatBytes(bytes)} · ${says}`,
          })),
        ]}
      />
      <TextInput
        size="xs"
        label={`Context, tokens (8 to ${formatWhole(most)})`}
        classNames={{ label: classes.label ?? '' }}
        inputMode="numeric"
        autoComplete="off"
        error={allowed ? null : `A whole number from 8 to ${formatWhole(most)}.`}
        value={context}
        onChange={(event) => setContext(event.currentTarget.value.trim())}
      />
      {allowed && holds.cachePerToken !== null ? (
        <p className={classes.note}>
          Cache {formatBytes(tokens * holds.cachePerToken)} a slot, with {slots} slots{' '}
          {formatBytes(slots * tokens * holds.cachePerToken)}; half of it where the file computes in 16 bits.
        </p>
      ) : null}
      {refusal ? (
        <p className={classes.problem} role="alert">
          {refusal}
        </p>
      ) : null}
      <button type="submit" className={rail.smallButton} disabled={!allowed}>
        {verb === 'Download' ? 'Download and load' : 'Load'}
      </button>
    </form>
  );
}

function Obstacles({ name, obstacles }: { readonly name: string; readonly obstacles: readonly string[] }) {
  return (
    <div className={classes.problem} role="alert">
      <p>{name} cannot be served:</p>
      <ul className={classes.obstacles}>
        {obstacles.map((obstacle) => (
          <li key={obstacle}>{obstacle}</li>
        ))}
      </ul>
    </div>
  );
}
