import { SLO_PARAMETERS } from '../../../core/slo-parameters';
import { useActions, useApp, useAttempt } from '../../app-context';
import { QuantityControl } from '../../kit/quantity-control';
import { FindRateButton } from './find-rate-button';
import { RailSection } from './rail-section';

const OFF = 'off';

/** What counts as good enough. */
export function SloSection() {
  const slo = useApp((state) => state.settings.slo);
  const actions = useActions();
  const attempt = useAttempt();
  return (
    <RailSection title="Objectives (SLO)" onReset={() => attempt(actions.resetSlo)}>
      {Object.values(SLO_PARAMETERS).map((p) => (
        <QuantityControl
          key={p.name}
          words={{
            label: p.label,
            flag: p.flag,
            help: p.help,
            allowed: `off or a number from ${p.min} to ${p.max}`,
          }}
          unit={p.unit}
          stops={[OFF, ...p.stops]}
          value={slo[p.name] ?? OFF}
          unused={null}
          onChange={(value) => actions.setSlo({ [p.name]: value === OFF ? null : value })}
          onType={async (text) => actions.setSlo({ [p.name]: p.parse(text) })}
        />
      ))}
      <FindRateButton />
    </RailSection>
  );
}
