import { useState } from 'react';
import type { Settings } from '../../store/settings';
import { useApp } from '../app-context';

/**
 * Why a control's last wish was refused. Forgotten when any setting changes: what was refused for the sake of another
 * setting may be granted now.
 */
export function useRefusal(): readonly [string | null, (wish: () => Promise<void>) => void] {
  const settings = useApp((state) => state.settings);
  const [refusal, setRefusal] = useState<{ readonly why: string; readonly under: Settings } | null>(null);
  const wish = (act: () => Promise<void>) => {
    setRefusal(null);
    act().catch((error: unknown) =>
      setRefusal({ why: error instanceof Error ? error.message : String(error), under: settings }),
    );
  };
  return [refusal?.under === settings ? refusal.why : null, wish];
}
