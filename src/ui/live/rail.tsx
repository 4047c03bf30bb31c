import { NativeSelect, VisuallyHidden } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Fragment, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { LOAD_PARAMETERS, type LoadConfig } from '../../core/load-config';
import type { Parameter } from '../../core/parameter';
import { SERVING_PARAMETERS, type ServingConfig } from '../../core/serving-config';
import { SLO_PARAMETERS } from '../../core/slo-parameters';
import { highestRateFor } from '../../experiments/presets/highest-rate';
import { linkTo } from '../../store/link';
import { activePreset, LIVE_PRESETS } from '../../store/presets';
import { type LoadName, type ServingName, whyUnused } from '../../store/settings';
import { useActions, useApp, useAskedSettings, useAttempt } from '../app-context';
import kit from '../kit/kit.module.css';
import { RailSection } from '../kit/panel';
import { goTo } from '../kit/place';
import { ParameterControl, QuantityControl } from '../kit/quantity-control';
import { ModelSection } from './model-section';
import classes from './rail.module.css';
import { TracePanel } from './trace-panel';

/** On a narrow screen the settings are a sheet over the lower half, shown on demand. On a wide one they always stand. */
export interface SettingsSheet {
  readonly open: boolean;
  readonly show: () => void;
  readonly hide: () => void;
  readonly openerRef: RefObject<HTMLButtonElement | null>;
  readonly closerRef: RefObject<HTMLButtonElement | null>;
  /** What should be in view above the sheet while a slider moves. */
  readonly pictureRef: RefObject<HTMLDivElement | null>;
}

/** Moves the focus into the sheet and back, and the chart into the half that stays in view. */
export function useSettingsSheet(): SettingsSheet {
  const [open, setOpen] = useState(false);
  const openerRef = useRef<HTMLButtonElement>(null);
  const closerRef = useRef<HTMLButtonElement>(null);
  const pictureRef = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    pictureRef.current?.scrollIntoView({ block: 'start' });
    closerRef.current?.focus({ preventScroll: true });
  }, [open]);
  const hide = () => {
    if (!open) return;
    setOpen(false);
    openerRef.current?.focus();
  };
  return { open, show: () => setOpen(true), hide, openerRef, closerRef, pictureRef };
}

interface ParameterListProps {
  readonly parameters: readonly Parameter[];
  readonly value: (parameter: Parameter) => string | number;
  readonly unused: (parameter: Parameter) => string | null;
  readonly onChange: (parameter: Parameter, value: string | number) => Promise<void>;
  /** What belongs right under a control. */
  readonly beneath?: (parameter: Parameter) => ReactNode;
}

/** A group's controls in the order of their table; the advanced ones folded away, with the number of those that were turned. */
function ParameterList(props: ParameterListProps) {
  const { parameters, value, unused, onChange, beneath } = props;
  const control = (parameter: Parameter) => (
    <Fragment key={parameter.name}>
      <ParameterControl
        parameter={parameter}
        value={value(parameter)}
        unused={unused(parameter)}
        onChange={(next) => onChange(parameter, next)}
      />
      {beneath?.(parameter)}
    </Fragment>
  );
  const advanced = parameters.filter((parameter) => parameter.advanced);
  const turned = advanced.filter((parameter) => value(parameter) !== parameter.default).length;
  return (
    <>
      {parameters.filter((parameter) => !parameter.advanced).map(control)}
      <details className={classes.more}>
        <summary className={classes.moreSummary}>More{turned > 0 ? ` (${turned} changed)` : ''}</summary>
        {advanced.map(control)}
      </details>
    </>
  );
}

const SHOWN_MS = 3000;

/** Copies a link to everything that is set. Where the browser keeps the clipboard to itself, it says where the link stands. */
function CopyLink() {
  const settings = useApp((state) => state.settings);
  const { copy, copied, error } = useClipboard({ timeout: SHOWN_MS });
  const give = () => {
    const link = linkTo(settings);
    // Also there, so that it can be taken from there.
    history.replaceState(null, '', link);
    copy(link);
  };
  return (
    <>
      <button type="button" className={kit.reset} onClick={give}>
        {copied ? 'Copied' : 'Copy link'}
      </button>
      {error ? (
        <p className={classes.refused} role="alert">
          The browser keeps its clipboard to itself; the link stands in the address bar.
        </p>
      ) : (
        <VisuallyHidden role="status">{copied ? 'The link is in the clipboard.' : ''}</VisuallyHidden>
      )}
    </>
  );
}

const NONE = '';

/** Named views of the page, each set at once; and what concerns all settings: a reset, and a link to them. */
function PresetSection() {
  const settings = useApp((state) => state.settings);
  const actions = useActions();
  const attempt = useAttempt();
  const active = activePreset(settings);
  return (
    <RailSection title="All settings" aside={<CopyLink />} onReset={() => attempt(actions.resetAll)}>
      <NativeSelect
        size="xs"
        aria-label="Preset"
        value={active?.name ?? NONE}
        data={[
          ...(active ? [] : [{ value: NONE, label: 'Your own settings', disabled: true }]),
          ...LIVE_PRESETS.map(({ name, title }) => ({ value: name, label: title })),
        ]}
        onChange={(event) => {
          const name = event.currentTarget.value;
          attempt(() => actions.applyPreset(name));
        }}
      />
      <p className={classes.facts} role="status">
        {active?.says ?? 'Choose a preset for a view that shows something, and a word on what.'}
      </p>
    </RailSection>
  );
}

/** The scheduler's parameters. */
function SchedulerSection() {
  const settings = useAskedSettings();
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

/** The synthetic clients' parameters; those without effect stay away: the other arrival processes', and what a greedy choice has no use for. */
function LoadSection() {
  const settings = useAskedSettings();
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

/** From an objective to its answer: an experiment that searches the highest rate within it, under this load. */
function FindRateButton() {
  const settings = useApp((state) => state.settings);
  const hasObjective = settings.slo.p95Ms !== null || settings.slo.ttftMs !== null;
  const isFree = useApp(({ model, load }) => model.status === 'ready' && load.status !== 'measuring');
  const actions = useActions();
  const attempt = useAttempt();
  const find = async () => {
    goTo({ page: 'experiments', item: null });
    await actions.startExperiment(highestRateFor(settings));
  };
  return (
    <div className={classes.row}>
      <button
        type="button"
        className={classes.smallButton}
        disabled={!hasObjective || !isFree}
        onClick={() => attempt(find)}
      >
        Find the highest rate
      </button>
      <p className={classes.facts}>
        {hasObjective
          ? 'Measures, in some minutes, how many requests a second this machine takes within the objectives, and with which policy and batch.'
          : 'Set an objective first: how slow is too slow?'}
      </p>
    </div>
  );
}

const OFF = 'off';

/** What counts as good enough. */
function SloSection() {
  const { slo } = useAskedSettings();
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

interface ControlRailProps {
  readonly id: string;
  readonly sheet: SettingsSheet;
}

/** Everything that can be set. While a measurement runs it rests, since a change would spoil the figures. */
export function ControlRail({ id, sheet }: ControlRailProps) {
  const measuring = useApp((state) => state.load.status === 'measuring');
  return (
    <aside
      id={id}
      className={classes.rail}
      data-open={sheet.open || undefined}
      aria-label="Settings"
      onKeyDown={(event) => {
        if (event.key === 'Escape') sheet.hide();
      }}
    >
      <button type="button" ref={sheet.closerRef} className={classes.close} onClick={sheet.hide}>
        Done
      </button>
      <fieldset className={classes.fields} disabled={measuring}>
        <VisuallyHidden component="legend">Settings</VisuallyHidden>
        <PresetSection />
        <ModelSection />
        <SchedulerSection />
        <LoadSection />
        <SloSection />
      </fieldset>
      <p className={classes.version}>
        Headway {__HEADWAY_VERSION__} · {__HEADWAY_REVISION__}
      </p>
    </aside>
  );
}
