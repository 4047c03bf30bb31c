/** As browsers call themselves in their user agent; each names those that it resembles, too, so the order counts. */
const BROWSERS = [
  ['Edge', /Edg\/([\d.]+)/],
  ['Firefox', /Firefox\/([\d.]+)/],
  ['Chromium', /Chrome\/([\d.]+)/],
  ['Safari', /Version\/([\d.]+).*Safari/],
] as const;

/** Name and version, as in "Chromium 156.0.0.0"; a user agent that none of them has, as it is. */
export function browserName(userAgent: string): string {
  for (const [name, pattern] of BROWSERS) {
    const version = userAgent.match(pattern)?.[1];
    if (version) return `${name} ${version}`;
  }
  return userAgent;
}
