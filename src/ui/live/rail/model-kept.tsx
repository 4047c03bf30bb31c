import type { KeptModel } from '../../../core/model';
import { formatDirectoryName } from '../../../model/directory/directory-name';
import { formatBytes } from '../../../store/format';
import { useActions, useApp, useAttempt } from '../../app-context';
import classes from './model-panel.module.css';
import rail from './rail.module.css';

/** Models of the hub that this browser keeps, with what each takes. */
export function ModelKept() {
  const kept = useApp((state) => state.keptModels);
  if (kept.length === 0) return null;
  const all = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <details className={rail.more}>
      <summary className={rail.moreSummary}>
        Kept in this browser: {kept.length} {kept.length === 1 ? 'model' : 'models'}, {formatBytes(all)}
      </summary>
      <ul className={classes.kept}>
        {kept.map((model) => (
          <Kept key={nameOf(model)} model={model} />
        ))}
      </ul>
    </details>
  );
}

const nameOf = ({ name, revision }: KeptModel, file: string | null = null) =>
  formatDirectoryName({ kind: 'hub', name, revision, file, context: null });

function Kept({ model }: { readonly model: KeptModel }) {
  const actions = useActions();
  const attempt = useAttempt();
  const name = nameOf(model);
  const loading = useApp(
    (state) => state.model.status === 'loading' && state.settings.model.startsWith(name),
  );
  const [unfinished] = model.unfinished;
  return (
    <li className={classes.keptModel}>
      <span className={classes.keptName}>
        {name.slice('hub:'.length)} · {formatBytes(model.bytes)}
        {unfinished ? (
          <span className={classes.note}>
            {unfinished.path} not whole: {formatBytes(unfinished.there)} of {formatBytes(unfinished.bytes)}
          </span>
        ) : null}
      </span>
      <button
        type="button"
        className={rail.smallButton}
        aria-label={`Load ${name}`}
        disabled={loading}
        // The file that is there: another may suit the backend better, and would be downloaded beside it.
        onClick={() => attempt(() => actions.loadModel({ model: nameOf(model, model.onnx[0]) }))}
      >
        Load
      </button>
      <button
        type="button"
        className={rail.smallButton}
        aria-label={`Delete ${name} from this browser`}
        disabled={loading}
        onClick={() => attempt(() => actions.removeKeptModel(model))}
      >
        Delete
      </button>
    </li>
  );
}
