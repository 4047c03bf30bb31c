import { useApp } from '../app-context';
import type { SettingsSheet } from '../live/rail/use-settings-sheet';
import { AdapterBadge } from './adapter-badge';
import { ColorSchemeButton } from './color-scheme-button';
import { LoadControls } from './load-controls';
import { PageNav } from './page-nav';
import classes from './shell.module.css';
import { ShortcutsButton } from './shortcuts-button';
import type { PageName } from './use-place';

interface TopBarProps {
  readonly page: PageName;
  /** Whether the live picture is shown, and so has settings. */
  readonly isLive: boolean;
  readonly railId: string;
  readonly sheet: SettingsSheet;
}

/** Name, pages, what is served on what, and the load's start and stop. The settings are the live page's. */
export function TopBar({ page, isLive, railId, sheet }: TopBarProps) {
  return (
    <header className={classes.bar}>
      <h1 className={classes.brand}>
        <svg viewBox="0 0 28 18" width="28" height="18" aria-hidden="true" focusable="false">
          <rect x="0" width="5" height="18" rx="2.5" />
          <rect x="8" width="5" height="18" rx="2.5" />
          <rect x="23" width="5" height="18" rx="2.5" />
        </svg>
        Headway
      </h1>
      <PageNav page={page} />
      <Serving />
      <div className={classes.barActions}>
        <LoadControls />
        {isLive ? (
          <button
            type="button"
            className={classes.railButton}
            ref={sheet.openerRef}
            aria-expanded={sheet.open}
            aria-controls={railId}
            onClick={sheet.open ? sheet.hide : sheet.show}
          >
            Settings
          </button>
        ) : null}
        <ColorSchemeButton />
        <ShortcutsButton />
      </div>
    </header>
  );
}

function Serving() {
  const model = useApp((state) => state.model);
  const wanted = useApp((state) => state.settings.model);
  if (model.status === 'ready') {
    const { adapter, model: served } = model.info;
    return (
      <p className={classes.serving}>
        <span className={classes.servingText}>
          <b>{served.name}</b> on {adapter.name}
        </span>
        <AdapterBadge adapter={adapter} />
      </p>
    );
  }
  return (
    <p className={classes.serving}>
      <span className={classes.servingText}>
        <b>{wanted}</b> {SAYS[model.status]}
      </span>
    </p>
  );
}

const SAYS = {
  idle: 'not loaded',
  loading: 'loading …',
  'warming-up': 'warming up …',
  failed: 'could not be served',
  cancelled: 'was not loaded',
  replacing: 'is being loaded anew …',
  lost: 'stopped answering',
} as const;
