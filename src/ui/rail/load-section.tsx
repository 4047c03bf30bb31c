import { LOAD_PARAMETERS, type LoadConfig } from '../../load/load-config';
import { whyUnused } from '../../store/settings';
import { useActions, useApp, useAttempt } from '../app-context';
import { ParameterControl } from '../controls/parameter-control';
import { RailSection } from './rail-section';

/** The synthetic clients' parameters, in the order of their table; those without effect stay away: the other arrival process's, and what a greedy choice has no use for. */
export function LoadSection() {
  const settings = useApp((state) => state.settings);
  const actions = useActions();
  const attempt = useAttempt();
  const inForce = Object.values(LOAD_PARAMETERS).filter((p) => whyUnused(p.name, settings) === null);
  return (
    <RailSection title="Load" onReset={() => attempt(actions.resetLoad)}>
      {inForce.map((parameter) => (
        <ParameterControl
          key={parameter.name}
          parameter={parameter}
          value={settings.load[parameter.name]}
          unused={null}
          onChange={(value) => actions.configureLoad({ [parameter.name]: value } as Partial<LoadConfig>)}
          onRejected={attempt}
        />
      ))}
    </RailSection>
  );
}
