import { Button, CloseButton } from '@mantine/core';
import { useId, useMemo, useState } from 'react';
import { type Notice, noticesOf } from '../../store/notices';
import type { BrowserFacts } from '../../store/webgpu-advice';
import { useActions, useApp, useAttempt } from '../app-context';
import classes from './notice-list.module.css';
import { ProblemList } from './panel';

const FACTS: BrowserFacts = {
  userAgent: navigator.userAgent,
  secure: isSecureContext,
  hasGpu: 'gpu' in navigator,
  origin: location.origin,
};

/** Where it is written down which standing notices were dismissed. */
const KEY = 'headway-dismissed';

/** What is to be known about the page's surroundings: other tabs, a time in the background, no WebGPU. On every page. */
export function NoticeList() {
  const tab = useApp((state) => state.tab);
  const load = useApp((state) => state.load);
  const model = useApp((state) => state.model);
  const backend = useApp((state) => state.settings.backend);
  const [dismissed, setDismissed] = useState(remembered);
  const notices = useMemo(
    () => noticesOf({ tab, load, model, backend }, FACTS).filter(({ key }) => !dismissed.has(key)),
    [tab, load, model, backend, dismissed],
  );
  const dismiss = ({ key, standing }: Notice) => {
    setDismissed(new Set([...dismissed, key]));
    if (standing) remember(key);
  };
  return (
    <section className={classes.notices} aria-label="Notices" aria-live="polite">
      <ProblemList />
      {notices.map((notice) => (
        <NoticeItem key={notice.key} notice={notice} onDismiss={() => dismiss(notice)} />
      ))}
    </section>
  );
}

interface NoticeItemProps {
  readonly notice: Notice;
  readonly onDismiss: () => void;
}

function NoticeItem({ notice: { message, tone, steps, offersPause }, onDismiss }: NoticeItemProps) {
  const actions = useActions();
  const attempt = useAttempt();
  const id = useId();
  return (
    <div className={classes.notice} data-tone={tone}>
      <div className={classes.text}>
        <p id={id}>{message}</p>
        {steps.length > 0 ? (
          <details>
            <summary>What can be done about it</summary>
            <ul>
              {steps.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ul>
          </details>
        ) : null}
      </div>
      {offersPause ? (
        <Button size="compact-xs" variant="default" onClick={() => attempt(actions.pauseLoad)}>
          Pause the load here
        </Button>
      ) : null}
      <CloseButton size="sm" aria-label="Dismiss notice" aria-describedby={id} onClick={onDismiss} />
    </div>
  );
}

function remembered(): ReadonlySet<string> {
  try {
    return new Set((localStorage.getItem(KEY) ?? '').split(' ').filter(Boolean));
  } catch {
    // Without storage they are dismissed for this visit only.
    return new Set();
  }
}

function remember(key: string): void {
  try {
    localStorage.setItem(KEY, [...remembered(), key].join(' '));
  } catch {
    // As above.
  }
}
