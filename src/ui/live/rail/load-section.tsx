import { LOAD_PARAMETERS, type LoadConfig } from '../../../core/load-config';
import { type LoadName, whyUnused } from '../../../store/settings';
import { useActions, useApp, useAttempt } from '../../app-context';
import { ParameterList } from './parameter-list';
import { RailSection } from './rail-section';
import { TracePanel } from './trace-panel';

/** The synthetic clients' parameters; those without effect stay away: the other arrival processes', and what a greedy choice has no use for. */
export function LoadSection() {
  const settings = useApp((state) => state.settings);
  const actions = useActions();
  const attempt = useAttempt();
  return (
    <RailSection title="Load" onReset={() => attempt(actions.resetLoad)}>
      <ParameterList
        parameters={Object.values(LOAD_PARAMETERS).filter((p) => whyUnused(p.name, settings) === null)}
        value={({ name }) => settings.load[name as LoadName]}
        unused={() => null}
        onChange={({ name }, value) => actions.configureLoad({ [name]: value } as Partial<LoadConfig>)}
        beneath={({ name }) =>
          name === 'arrival' && settings.load.arrival === 'trace' ? <TracePanel /> : null
        }
      />
    </RailSection>
  );
}
