import { useState } from 'react';
import type { PickedFile } from '../../../core/model';
import type { InspectedModel } from '../../../core/traffic-control';
import { formatDirectoryName, parseDirectoryName } from '../../../model/directory/directory-name';
import { useActions } from '../../app-context';
import { DropPlace } from './drop-place';
import { droppedFiles } from './dropped-files';
import { ModelInspection } from './model-inspection';
import classes from './model-panel.module.css';
import { pickedFiles } from './picked-files';
import { useRefusal } from './use-refusal';

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
      <p className={classes.note}>
        Your browser may call it an upload: the files stay on this machine, and none is sent anywhere.
      </p>
      {refusal ? (
        <p className={classes.problem} role="alert">
          {refusal}
        </p>
      ) : null}
      {found ? <ModelInspection key={found.name} name={found.name} holds={found.holds} verb="Load" /> : null}
    </div>
  );
}

const shownName = (model: string) =>
  formatDirectoryName({ ...parseDirectoryName(model), file: null, context: null }).slice('picked:'.length);
