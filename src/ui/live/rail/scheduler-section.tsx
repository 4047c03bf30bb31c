import { SERVING_PARAMETERS, type ServingConfig } from '../../../core/serving-config';
import { type ServingName, whyUnused } from '../../../store/settings';
import { useActions, useApp, useAttempt } from '../../app-context';
import { ParameterList } from './parameter-list';
import { RailSection } from './rail-section';

/** The scheduler's parameters. */
export function SchedulerSection() {
  const settings = useApp((state) => state.settings);
  const actions = useActions();
  const attempt = useAttempt();
  return (
    <RailSection title="Scheduler" onReset={() => attempt(actions.resetServing)}>
      <ParameterList
        parameters={Object.values(SERVING_PARAMETERS)}
        value={({ name }) => settings.serving[name as ServingName]}
        unused={({ name }) => whyUnused(name as ServingName, settings)}
        onChange={({ name }, value) => actions.configureServing({ [name]: value } as Partial<ServingConfig>)}
      />
    </RailSection>
  );
}
