import { Button, CloseButton } from '@mantine/core';
import { useId, useMemo, useState } from 'react';
import { type Notice, noticesOf } from '../../store/notices';
import { useActions, useApp, useAttempt } from '../app-context';
import classes from './notice-list.module.css';
import { ProblemList } from './panel';

/** What is to be known about the page's surroundings, and what went wrong, over every page: other tabs, a time in the background. */
export function NoticeList() {
  const tab = useApp((state) => state.tab);
  const load = useApp((state) => state.load);
  const model = useApp((state) => state.model);
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const notices = useMemo(
    () => noticesOf({ tab, load, model }).filter(({ key }) => !dismissed.has(key)),
    [tab, load, model, dismissed],
  );
  return (
    <section className={classes.notices} aria-label="Notices" aria-live="polite">
      <ProblemList />
      {notices.map((notice) => (
        <NoticeItem
          key={notice.key}
          notice={notice}
          onDismiss={() => setDismissed(new Set([...dismissed, notice.key]))}
        />
      ))}
    </section>
  );
}

interface NoticeItemProps {
  readonly notice: Notice;
  readonly onDismiss: () => void;
}

function NoticeItem({ notice: { message, tone, offersPause }, onDismiss }: NoticeItemProps) {
  const actions = useActions();
  const attempt = useAttempt();
  const id = useId();
  return (
    <div className={classes.notice} data-tone={tone}>
      <p id={id} className={classes.text}>
        {message}
      </p>
      {offersPause ? (
        <Button size="compact-sm" variant="default" onClick={() => attempt(actions.pauseLoad)}>
          Pause the load here
        </Button>
      ) : null}
      <CloseButton size="sm" aria-label="Dismiss notice" aria-describedby={id} onClick={onDismiss} />
    </div>
  );
}
