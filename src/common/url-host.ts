/** Host names and addresses as URLs have them. */

/** A host as it stands in a URL, which has brackets around an IPv6 address. */
export const urlHost = (host: string): string => (host.includes(":") ? `[${host}]` : host);

/** Whether a text is a host name or an address. */
export const isHost = (text: string): boolean =>
  URL.canParse(`http://${urlHost(text)}`) && !/[/?#@]/.test(text);
