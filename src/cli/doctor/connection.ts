/** Checks whether it is Atlas that answers at the configured address, and the clock by its answer. */
import { classify } from "../../atlas/classify.ts";
import { isOwnError, settle } from "../../atlas/fate.ts";
import type { HttpResponse, NetworkError } from "../../atlas/http.ts";
import { toAtlasResponse } from "../../atlas/http-response.ts";
import { explainNetworkError } from "../../atlas/network-failures.ts";
import { notAtlas } from "../../atlas/not-atlas.ts";
import { headersOf } from "../../atlas/request.ts";
import { getSystemStatus } from "../../atlas/requests.ts";
import { systemClock } from "../../common/deadline.ts";
import { version } from "../../common/version.ts";
import type { Container } from "../../container.ts";
import type { Check } from "./check.ts";
import type { DoctorSettings } from "./settings.ts";

const maxSkewSeconds = 120;

const unreachable = (check: string, error: NetworkError): Check => ({
  check,
  result: "failed",
  ...explainNetworkError(error),
});

const clockChecks = (date: string | undefined): Check[] => {
  const atlasTime = Date.parse(date ?? "");
  if (Number.isNaN(atlasTime)) return [];
  const skew = Math.round(Math.abs(Date.now() - atlasTime) / 1000);
  if (skew <= maxSkewSeconds)
    return [{ check: "clock", result: "ok", says: `within ${skew} s of Atlas's` }];
  return [
    {
      check: "clock",
      result: "warning",
      says: `this machine's clock differs from Atlas's by ${skew} s`,
      fix: "Set the clock: tokens and certificates depend on it.",
    },
  ];
};

/** Without credentials the Admin API answers 401. Whatever answers in another form than Atlas's has a clock of its own. */
const answerChecks = (check: string, baseUrl: string, response: HttpResponse): Check[] => {
  const { status, headers } = response;
  const isRead = settle({ response }, getSystemStatus()).fate === "accepted";
  const received = toAtlasResponse(response, systemClock);
  if (!isRead && !isOwnError(response))
    return [{ check, result: "warning", says: notAtlas(received).message }];
  const reached: Check =
    isRead || status === 401
      ? { check, result: "ok", says: baseUrl }
      : { check, result: "warning", says: `${baseUrl}: ${classify(received).message}` };
  return [reached, ...clockChecks(headers.date)];
};

/** Whether Atlas answers at an address, to a request without credentials. */
const reach = async (
  check: string,
  baseUrl: string,
  { requestTimeoutMs }: DoctorSettings,
  { sendHttp }: Container,
): Promise<Check[]> => {
  const request = getSystemStatus();
  const headers = {
    ...headersOf(request),
    "user-agent": `atlas-provision-mcp/${version} (doctor)`,
  };
  const { method, path } = request;
  const signal = AbortSignal.timeout(requestTimeoutMs);
  const attempt = await sendHttp({ method, url: `${baseUrl}${path}`, headers }, signal);
  return "error" in attempt
    ? [unreachable(check, attempt.error)]
    : answerChecks(check, baseUrl, attempt.response);
};

/** Whether Atlas answers where ephemeral clusters are. That it offers them, only a create shows. */
const reachEphemeral = async (settings: DoctorSettings, container: Container): Promise<Check[]> => {
  const check = "ephemeral";
  const { baseUrl } = settings;
  const [reached] = await reach(check, baseUrl, settings, container);
  if (reached === undefined || !reached.says.startsWith(baseUrl)) return reached ? [reached] : [];
  const says = `${baseUrl} answers; that it offers them, only a create shows`;
  return [{ check, result: "ok", says }];
};

/** Where the Admin API is, and where ephemeral clusters are if that is somewhere else. */
export const connectionChecks = async (
  settings: DoctorSettings,
  container: Container,
): Promise<Check[]> => {
  const { on, backend } = container.setup.ephemeral;
  const isElsewhere = on && backend !== settings.backend;
  const { baseUrl } = await container.endpoint();
  const [admin, ephemeral] = await Promise.all([
    reach("reachable", baseUrl, settings, container),
    isElsewhere ? reachEphemeral(settings, container) : [],
  ]);
  return [...admin, ...ephemeral];
};
