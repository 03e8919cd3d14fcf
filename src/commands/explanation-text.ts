import type { Explanation } from '#gateway';

/** An explanation for a person at a terminal: the answer first, then the reasons in the order in which things were looked at. */
export const explanationText = (explanation: Explanation): string => {
  const { method, path, requestedTenant, originTenant, why } = explanation;
  const asker =
    originTenant === null
      ? 'nobody in particular'
      : originTenant === requestedTenant
        ? 'a user of it'
        : `a user of ${originTenant}`;
  const blocks = [
    [`${method} ${path}, asked for ${requestedTenant} by ${asker}`],
    answerLines(explanation),
    ['why:', ...why.map((reason, index) => `  ${index + 1}. ${reason}`)],
    stepLines(explanation),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
};

const answerLines = (explanation: Explanation): readonly string[] => {
  const { outcome, tenant, rule, relation, ceiling, requiresAccount, status, code, message } = explanation;
  if (outcome === 'needs-body')
    return ['cannot be said: a rule looks at the body of the request', '  give it with --body'];
  if (outcome === 'refused') {
    const lines = [`refused with ${status}: ${message}`, `  code      ${code}`];
    return tenant === null ? lines : [...lines, `  tenant    ${tenant}`];
  }
  return [
    `executed for ${tenant}`,
    `  rule      ${rule} (${RULES.get(rule ?? '') ?? 'a rule of the relation'})`,
    `  relation  ${relation ?? 'none is needed'}`,
    ...(ceiling === null
      ? []
      : [`  ceiling   the user may do there at most: ${ceiling.join(', ') || 'nothing'}`]),
    ...(requiresAccount ? [`  account   the user must have one in ${tenant}`] : []),
  ];
};

const RULES: ReadonlyMap<string, string> = new Map([
  ['requested', 'the tenant itself'],
  ['only-candidate', 'the only related tenant that has the module'],
  ['named', 'the caller names the tenant, and a relation allows it'],
  ['callback', 'the tenant of the calling module'],
  ['origin', 'the module is executed where the user belongs'],
]);

const stepLines = ({ steps, permissionsRequired, permissionsDesired }: Explanation): readonly string[] => {
  if (steps.length === 0) return [];
  const moduleWidth = Math.max(...steps.map(({ module }) => module.length));
  return [
    'would go through:',
    ...steps.map(
      ({ phase, module, entry, running }) =>
        `  ${phase.padEnd(8)}  ${module.padEnd(moduleWidth)}  ${entry}${running ? '' : '  (not running)'}`,
    ),
    `  needs     ${permissionsRequired.join(', ') || 'no permission'}`,
    ...(permissionsDesired.length === 0 ? [] : [`  wants     ${permissionsDesired.join(', ')}`]),
  ];
};
