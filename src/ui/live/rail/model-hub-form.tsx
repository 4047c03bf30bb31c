import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { InspectedModel } from '../../../core/traffic-control';
import { formatDirectoryName, parseDirectoryName } from '../../../model/directory/directory-name';
import { useActions } from '../../app-context';
import { ModelInspection } from './model-inspection';
import classes from './model-panel.module.css';
import rail from './rail.module.css';
import { useRefusal } from './use-refusal';

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
        className={rail.directory}
        aria-label="Model of the hub"
        onSubmit={(event) => {
          event.preventDefault();
          void look();
        }}
      >
        <TextInput
          size="xs"
          className={rail.directoryInput ?? ''}
          aria-label="Name on the hub"
          placeholder="owner/name"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" className={rail.smallButton} disabled={text.trim() === ''}>
          Look
        </button>
      </form>
      <p className={classes.note} role="status">
        {busy
          ? 'Asking the hub …'
          : found
            ? null
            : 'Downloaded by this browser and kept in it; nothing is sent.'}
      </p>
      {refusal ? (
        <p className={classes.problem} role="alert">
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
