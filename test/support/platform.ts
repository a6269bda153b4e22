/** The platform that the running test believes to be on. */
import { onTestFinished } from "vitest";

export const onPlatform = (platform: NodeJS.Platform): void => {
  const own = Object.getOwnPropertyDescriptor(process, "platform");
  Object.defineProperty(process, "platform", { ...own, value: platform });
  onTestFinished(() => void Object.defineProperty(process, "platform", own ?? {}));
};
