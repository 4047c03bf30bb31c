import { SERVING_PARAMETERS, type ServingConfig } from '../../core/serving-config';
import { whyUnused } from '../../store/settings';
import { useActions, useApp, useAttempt } from '../app-context';
import { ParameterControl } from '../controls/parameter-control';
import { RailSection } from './rail-section';

/** The scheduler's parameters, in the order of their table. */
export function SchedulerSection() {
  const settings = useApp((state) => state.settings);
  const actions = useActions();
  const attempt = useAttempt();
  return (
    <RailSection title="Scheduler" onReset={() => attempt(actions.resetServing)}>
      {Object.values(SERVING_PARAMETERS).map((parameter) => (
        <ParameterControl
          key={parameter.name}
          parameter={parameter}
          value={settings.serving[parameter.name]}
          unused={whyUnused(parameter.name, settings)}
          onChange={(value) =>
            actions.configureServing({ [parameter.name]: value } as Partial<ServingConfig>)
          }
          onRejected={attempt}
        />
      ))}
    </RailSection>
  );
}
