import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { InspectedModel } from '../../core/commands';
import { isCancelled } from '../../core/errors';
import type { PickedFile } from '../../core/model';
import { slotsOf } from '../../core/serving-config';
import {
  DEFAULT_CONTEXT,
  formatDirectoryName,
  parseDirectoryName,
} from '../../model/directory/directory-name';
import { formatBytes, formatWhole } from '../../store/format';
import { useActions, useApp } from '../app-context';
import { DropPlace, droppedFiles, pickedFiles } from '../kit/files';
import kit from '../kit/kit.module.css';
import classes from './rail.module.css';

interface Refusal {
  /** The sentence that the work last ended with; null where it ended well, or has not. */
  readonly refusal: string | null;
  /** Does it; what it rejects with is said beside what asked for it. */
  attempt(work: () => Promise<unknown>): Promise<void>;
  /** What was asked for is another now. */
  forget(): void;
}

/** For a form whose work may be refused. */
export function useRefusal(): Refusal {
  const [refusal, setRefusal] = useState<string | null>(null);
  return {
    refusal,
    forget: () => setRefusal(null),
    attempt: async (work) => {
      setRefusal(null);
      try {
        await work();
      } catch (cause) {
        if (isCancelled(cause)) return;
        setRefusal(cause instanceof Error ? cause.message : String(cause));
      }
    },
  };
}

interface ModelInspectionProps {
  /** As it is loaded, `hub:…` or `picked:…`. */
  readonly name: string;
  readonly holds: InspectedModel;
  /** What the button does. */
  readonly verb: 'Download' | 'Load';
}

const BEST = '';

/** What a directory holds: which of its files is served, with how much context; or all that stands in its way. */
function ModelInspection({ name, holds, verb }: ModelInspectionProps) {
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
        <p className={kit.dim}>
          Cache {formatBytes(tokens * holds.cachePerToken)} a slot, with {slots} slots{' '}
          {formatBytes(slots * tokens * holds.cachePerToken)}; half of it where the file computes in 16 bits.
        </p>
      ) : null}
      {refusal ? (
        <p className={kit.bad} role="alert">
          {refusal}
        </p>
      ) : null}
      <button type="submit" className={classes.smallButton} disabled={!allowed}>
        {verb === 'Download' ? 'Download and load' : 'Load'}
      </button>
    </form>
  );
}

function Obstacles({ name, obstacles }: { readonly name: string; readonly obstacles: readonly string[] }) {
  return (
    <div className={kit.bad} role="alert">
      <p>{name} cannot be served:</p>
      <ul className={classes.obstacles}>
        {obstacles.map((obstacle) => (
          <li key={obstacle}>{obstacle}</li>
        ))}
      </ul>
    </div>
  );
}

/** What a name that was copied from somewhere begins with: of a link, or of the hub's own page. */
const BEFORE_NAME = /^(hub:|https?:\/\/[^/]+\/)/;

/** A model of the hub: its name, what it holds and lacks, and the button that downloads it. */
export function ModelHubForm({ model }: { readonly model: string }) {
  const actions = useActions();
  const [text, setText] = useState(() => (model === '' ? '' : shortName(model)));
  const [found, setFound] = useState<{ readonly name: string; readonly holds: InspectedModel } | null>(null);
  const [busy, setBusy] = useState(false);
  const { refusal, attempt } = useRefusal();

  const look = () =>
    attempt(async () => {
      setFound(null);
      setBusy(true);
      try {
        const name = formatDirectoryName(parseDirectoryName(`hub:${text.trim().replace(BEFORE_NAME, '')}`));
        setFound({ name, holds: await actions.inspectModel(name) });
      } finally {
        setBusy(false);
      }
    });
  return (
    <div className={classes.panel}>
      <form
        className={classes.directory}
        aria-label="Model of the hub"
        onSubmit={(event) => {
          event.preventDefault();
          void look();
        }}
      >
        <TextInput
          size="xs"
          className={classes.directoryInput ?? ''}
          aria-label="Name on the hub"
          placeholder="owner/name"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" className={classes.smallButton} disabled={text.trim() === ''}>
          Look
        </button>
      </form>
      <p className={kit.dim} role="status">
        {busy
          ? 'Asking the hub …'
          : found
            ? null
            : 'Downloaded by this browser and kept in it; nothing is sent.'}
      </p>
      {refusal ? (
        <p className={kit.bad} role="alert">
          {refusal}
        </p>
      ) : null}
      {found ? (
        <ModelInspection key={found.name} name={found.name} holds={found.holds} verb="Download" />
      ) : null}
    </div>
  );
}

/** `owner/name@revision`, without what is chosen below. */
const shortName = (model: string) =>
  formatDirectoryName({ ...parseDirectoryName(model), file: null, context: null }).slice('hub:'.length);

/** A model directory on the visitor's disk: where it is picked, what it holds and lacks, and the button that loads it. */
export function ModelPickedForm({ model }: { readonly model: string }) {
  const actions = useActions();
  const [found, setFound] = useState<{ readonly name: string; readonly holds: InspectedModel } | null>(null);
  const { refusal, attempt } = useRefusal();

  const take = (list: Promise<readonly PickedFile[]>) =>
    attempt(async () => {
      setFound(null);
      const { directory, files } = pickedFiles(await list);
      actions.pickModel(directory, files);
      const name = `picked:${directory}`;
      setFound({ name, holds: await actions.inspectModel(name) });
    });
  return (
    <div className={classes.panel}>
      <DropPlace
        invitation={`${found ? 'Pick another directory' : model ? `Pick ${shownName(model)} again` : 'Pick a directory'}, or drop it here`}
        kinds="config.json, tokenizer.json, onnx/… as on the hub"
        accept="directory"
        onPick={(files) =>
          take(Promise.resolve(files.map((file) => ({ path: file.webkitRelativePath, file }))))
        }
        onDrop={(dropped) => take(droppedFiles(dropped.items))}
      />
      <p className={kit.dim}>
        Your browser may call it an upload: the files stay on this machine, and none is sent anywhere.
      </p>
      {refusal ? (
        <p className={kit.bad} role="alert">
          {refusal}
        </p>
      ) : null}
      {found ? <ModelInspection key={found.name} name={found.name} holds={found.holds} verb="Load" /> : null}
    </div>
  );
}

const shownName = (model: string) =>
  formatDirectoryName({ ...parseDirectoryName(model), file: null, context: null }).slice('picked:'.length);

/** A directory that the page's own server serves. */
export function ModelServerForm({ model }: { readonly model: string }) {
  const actions = useActions();
  const [text, setText] = useState(model);
  const { refusal, attempt } = useRefusal();
  return (
    <form
      className={classes.directory}
      onSubmit={(event) => {
        event.preventDefault();
        void attempt(() => actions.loadModel({ model: text.trim() }));
      }}
    >
      <TextInput
        size="xs"
        className={classes.directoryInput ?? ''}
        aria-label="Model directory on this server"
        placeholder="models/my-model/"
        spellCheck={false}
        autoComplete="off"
        error={refusal}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" className={classes.smallButton}>
        Load
      </button>
    </form>
  );
}
