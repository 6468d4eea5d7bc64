/** What a build or an unpacking may know of the user's environment: no token or login of anything else. */
const passedThrough =
  /^(PATH|HOME|USER|LOGNAME|TMPDIR|LANG|LC_.*|XDG_.*|GO[A-Z0-9_]*|GIT_[A-Z_]*|SSL_CERT_(FILE|DIR)|((HTTPS?|NO|ALL)_PROXY))$/i;

/** The chosen part of the environment, with some variables set on top. */
export function toolEnvironment(
  env: NodeJS.ProcessEnv,
  extra: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  const chosen = Object.entries(env).filter(([name]) => passedThrough.test(name));
  return { ...Object.fromEntries(chosen), ...extra };
}
