import type { ServingEvent } from '../core/events';
import type { ClientState, LiveSnapshot, ServerState, Slo } from '../core/figures';
import type { RequestRecord, SentRequest } from '../core/request-record';
import { EventCounter } from './counters';
import { Ledger, type Settled } from './ledger';
import { noOutcomes } from './tally';
import { isSloSet, meetsSlo } from './timings';
import { SLOT_MS, SlidingWindow, summarizeWindow, WINDOW_SLOTS } from './window';

/** What is left of a window's rates where the clients hold still: there is no load that they would be of. */
const NO_RATES = {
  throughput_rps: null,
  throughput_tps: null,
  goodput_rps: null,
  slo_attainment: null,
  saturation: null,
  littles_law_error: null,
} as const;

/**
 * What the page shows: a fold over sent requests and the server's events, looked at four times a second. Bounded memory:
 * ten one-second slots, and a record for each request under way.
 */
export class LiveMetrics {
  readonly #ledger = new Ledger();
  readonly #window: SlidingWindow;
  #totals = { sent: 0, ...noOutcomes() };
  #slo: Slo = { p95Ms: null, ttftMs: null };
  #judgedFrom = Number.NEGATIVE_INFINITY;
  #server: ServerState = NEW_SERVER;
  #clients: ClientState = { status: 'idle' };
  readonly #counter = new EventCounter();

  /** @param at ms on the shared clock */
  constructor(at: number) {
    this.#window = new SlidingWindow(at);
  }

  /** Goodput is counted anew from `at`, ms; all else goes on. */
  setSlo(slo: Slo, at: number): void {
    const same = (name: keyof Slo) => (slo[name] ?? null) === (this.#slo[name] ?? null);
    if (same('p95Ms') && same('ttftMs') && same('tpotMs') && same('itlP99Ms')) return;
    this.#slo = slo;
    this.#judgedFrom = at;
    this.#window.forgetJudgements();
  }

  /** A load is started: totals begin at 0, the window anew. */
  loadStarted(at: number): void {
    this.#totals = { sent: 0, ...noOutcomes() };
    this.settingChanged(at);
  }

  /** Another server answers from now on. */
  serverChanged(): void {
    this.#server = NEW_SERVER;
  }

  /** What the clients do from `at` on. A pause's begin and its end cut the window, so that none is part pause. */
  clientsAre(clients: ClientState, at: number): void {
    const cuts = (clients.status === 'paused') !== (this.#clients.status === 'paused');
    this.#clients = clients;
    if (cuts) this.#window.restart(at);
  }

  /** A new window, so that the old setting's figures do not smear into the new one's. */
  settingChanged(at: number): void {
    this.#window.restart(at);
  }

  sent(request: SentRequest): void {
    this.#ledger.sent(request);
    this.#totals.sent += 1;
    const slot = this.#window.slotAt(request.sent);
    if (!slot) return;
    slot.sent += 1;
    slot.countSent(request);
    slot.countInFlight(1, request.sent);
  }

  fold(event: ServingEvent): void {
    const settled = this.#ledger.fold(event);
    this.#server = foldServer(this.#server, event);
    this.#counter.fold(event);
    if (settled) this.#count(settled, event.at);
    else if (event.type === 'configured') this.settingChanged(event.at);
    else if (event.type === 'started') this.#window.slotAt(event.at)?.countBatch(this.#ledger.running);
    else if (event.type === 'step') this.#window.slotAt(event.at)?.countStep(event);
    else if (event.type === 'dropped') {
      const slot = this.#window.slotAt(event.at);
      if (slot) slot.staleDropped += event.ids.length;
    }
  }

  /** Requests in the queue now. */
  get queued(): number {
    return this.#ledger.queued;
  }

  /** Requests dispatched now. */
  get running(): number {
    return this.#ledger.running;
  }

  /** Requests in sealed batches now. */
  get sealed(): number {
    return this.#ledger.sealed;
  }

  /** @param at now, ms */
  snapshot(at: number): LiveSnapshot {
    return {
      at,
      ...summarizeWindow(this.#window.view(at), at, this.#ledger.inFlight, this.#judgedSince()),
      ...(this.#clients.status === 'paused' ? NO_RATES : {}),
      inFlight: this.#ledger.inFlight,
      queueDepth: this.#ledger.queued,
      totals: { ...this.#totals },
      server: this.#server,
      clients: this.#clients,
      counters: this.#counter.counts,
    };
  }

  #judgedSince(): number | null {
    return isSloSet(this.#slo) ? this.#judgedFrom : null;
  }

  #count(settled: Settled, at: number): void {
    const { record } = settled;
    if (record.outcome === null) return;
    this.#totals[record.outcome] += 1;
    const slot = this.#window.slotAt(at);
    if (!slot) return;
    slot.residenceMs += at - record.sent;
    slot.countInFlight(-1, at);
    slot.judged += 1;
    if (meetsSlo(record, this.#slo)) slot.good += 1;
    // Tokens that came before the window began are the old setting's.
    slot.countSettled(settled, !this.#smears(record, at), this.#window.begin);
  }

  /**
   * Sent before the setting changed: it counts as throughput, but its times are half the old setting's. After one window
   * they are let in: a backlog that old is the new setting's own state.
   */
  #smears(record: RequestRecord, at: number): boolean {
    const { begin } = this.#window;
    return record.sent < begin && at < begin + WINDOW_SLOTS * SLOT_MS;
  }
}

const NEW_SERVER: ServerState = {
  status: 'idle',
  config: null,
  losses: 0,
  lastLoss: null,
  memory: null,
};

/** What the server says of itself. */
function foldServer(server: ServerState, event: ServingEvent): ServerState {
  if (event.type === 'memory') return { ...server, memory: { buffers: event.buffers, bytes: event.bytes } };
  if (event.type === 'configured') return { ...server, config: event.config };
  if (event.type !== 'status') return server;
  const { status, at } = event;
  if (status !== 'lost') return { ...server, status };
  const lastLoss = { at, reason: event.reason ?? 'The device was lost.' };
  return { ...server, status, losses: server.losses + 1, lastLoss, memory: null };
}
