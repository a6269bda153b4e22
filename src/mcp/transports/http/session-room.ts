/** Decides which session makes room for a new one. */

export type SessionLimits = {
  /** The most open sessions, in all and for one caller. */
  sessions: number;
  sessionsEach: number;
  /** A session is closed after so many milliseconds without a request or an open stream. */
  idleMs: number;
};

/** What counts of a session. */
export type Use = {
  caller: { id: string };
  /** The POSTs that have no complete response, and the open streams that only listen. */
  running: number;
  listening: number;
  /** When the last response ended (milliseconds). */
  usedAt: number;
};

export const isIdle = ({ running, listening }: Use): boolean => running + listening === 0;

const countsOf = (uses: readonly Use[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const { caller } of uses) counts.set(caller.id, (counts.get(caller.id) ?? 0) + 1);
  return counts;
};

/**
 * The session that has to end before the caller may open one; undefined if none has to, and "none" if none can. At its own
 * limit a caller gives the session that was idle longest. If there are no more sessions, the caller with most gives one,
 * which may have a stream that only listens: its host opens another session. Nobody gives one to a caller with more.
 */
export const sessionToEnd = <T extends Use>(
  sessions: readonly T[],
  caller: { id: string },
  limits: Pick<SessionLimits, "sessions" | "sessionsEach">,
): T | "none" | undefined => {
  const counts = countsOf(sessions);
  const own = counts.get(caller.id) ?? 0;
  const isAtOwnLimit = own >= limits.sessionsEach;
  if (!isAtOwnLimit && sessions.length < limits.sessions) return undefined;
  // With the new one, the caller would be ahead of those that have as many.
  const countOf = ({ caller: { id } }: T) => (id === caller.id ? own + 0.5 : (counts.get(id) ?? 0));
  const candidates = sessions.filter((session) =>
    isAtOwnLimit
      ? session.caller.id === caller.id && isIdle(session)
      : session.running === 0 && countOf(session) > own,
  );
  const [first] = candidates.sort(
    (one, other) =>
      countOf(other) - countOf(one) ||
      Number(isIdle(other)) - Number(isIdle(one)) ||
      one.usedAt - other.usedAt,
  );
  return first ?? "none";
};
