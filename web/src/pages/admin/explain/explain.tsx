import { useState } from 'preact/hooks';
import type { ExplainAnswer } from '#operations';
import { operations } from '../../../api/operations.ts';
import { Tag } from '../../../parts/badge.tsx';
import { Button } from '../../../parts/button.tsx';
import { SelectField, TextArea, TextField } from '../../../parts/field.tsx';
import { EmptyState } from '../../../parts/message.tsx';
import { NOTHING } from '../../../parts/numbers.ts';
import { Table } from '../../../parts/table.tsx';
import { Panel, Shown } from '../../../reports/panel.tsx';
import { PageTitle } from '../../../shell/page-title.tsx';
import { useApp } from '../../../state/app-state.ts';
import { useRequest } from '../../../state/use-request.ts';
import { useHome } from '../parts/use-home.ts';
import '../parts/admin.css';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** For whom and by which modules a request would be executed, and why. */
export const Explain = () => {
  const { router } = useApp();
  const home = useHome()?.id;
  const { extra } = router.address.value;
  const map = useRequest(operations.organizations(home));
  const question = {
    tenant: extra['tenant'],
    method: extra['method'],
    path: extra['path'],
    body: extra['body'],
    origin: extra['origin'],
  };
  const isAsked = question.tenant !== undefined && question.path !== undefined;
  const asked = useRequest(isAsked ? operations.explain(home, question) : null);
  const choices = (map.data?.organizations ?? []).map(({ id, name }) => ({
    value: id,
    label: `${name} (${id})`,
  }));
  return (
    <div class="admin-page">
      <PageTitle
        title="Explain"
        note="For whom a request would be executed, by which rule and which modules, and why not otherwise. Nothing is called."
      />
      <Panel title="The request">
        <Question
          key={JSON.stringify(question)}
          organizations={choices}
          question={question}
          ask={(next) => router.setExtra(next)}
        />
      </Panel>
      {isAsked ? (
        <Shown asked={asked} height="260px">
          {(answer) => <Answer answer={answer} />}
        </Shown>
      ) : (
        <EmptyState icon="explain" title="Ask about a request">
          Such as GET /reports/summary, made by somebody of an umbrella organization.
        </EmptyState>
      )}
    </div>
  );
};

const Question = ({
  organizations,
  question,
  ask,
}: {
  readonly organizations: readonly { readonly value: string; readonly label: string }[];
  readonly question: Readonly<Record<string, string | undefined>>;
  readonly ask: (question: Readonly<Record<string, string | null>>) => void;
}) => {
  const [tenant, setTenant] = useState(question['tenant'] ?? '');
  const [origin, setOrigin] = useState(question['origin'] ?? '');
  const [method, setMethod] = useState<(typeof METHODS)[number]>(
    METHODS.find((known) => known === question['method']) ?? 'GET',
  );
  const [path, setPath] = useState(question['path'] ?? '');
  const [body, setBody] = useState(question['body'] ?? '');
  const first = organizations[0]?.value ?? '';
  return (
    <form
      class="admin-form"
      onSubmit={(event) => {
        event.preventDefault();
        ask({
          tenant: tenant || first,
          origin: origin || null,
          method,
          path: path.trim(),
          body: body.trim() || null,
        });
      }}
    >
      <div class="admin-row">
        <SelectField
          label="Named organization (X-Okapi-Tenant)"
          value={tenant || first}
          onValue={setTenant}
          choices={organizations}
        />
        <SelectField
          label="Made by somebody of"
          value={origin}
          onValue={setOrigin}
          choices={[{ value: '', label: 'the same organization' }, ...organizations]}
        />
      </div>
      <div class="admin-row">
        <SelectField
          label="Method"
          value={method}
          onValue={setMethod}
          choices={METHODS.map((value) => ({ value, label: value }))}
        />
        <TextField
          label="Path and query"
          value={path}
          onValue={setPath}
          placeholder="/reports/summary?site=www.fashion.bg"
          required
          pattern="/.*"
          title="Begins with /"
          spellcheck={false}
        />
      </div>
      <TextArea
        label="JSON body"
        value={body}
        onValue={setBody}
        hint="Only where a rule looks at the body."
        spellcheck={false}
      />
      <div>
        <Button kind="primary" type="submit">
          Explain
        </Button>
      </div>
    </form>
  );
};

const OUTCOMES = {
  executed: ['good', 'would be executed'],
  refused: ['trouble', 'would be refused'],
  'needs-body': ['warning', 'depends on the body'],
} as const;

const Answer = ({ answer }: { readonly answer: ExplainAnswer }) => {
  const [kind, words] = OUTCOMES[answer.outcome];
  return (
    <div class="panels">
      <Panel title="Decision">
        <p>
          <Tag kind={kind}>{words}</Tag>
          {answer.outcome === 'executed' && (
            <>
              {' '}
              for <b>{answer.tenant}</b>
            </>
          )}
        </p>
        <dl class="admin-facts">
          {answer.message !== null && (
            <>
              <dt>Answer</dt>
              <dd>
                {answer.status} {answer.message}
              </dd>
            </>
          )}
          <dt>Relation</dt>
          <dd>{answer.relation ?? NOTHING}</dd>
          <dt>Rule</dt>
          <dd>{answer.rule ?? NOTHING}</dd>
          <dt>Permissions at most</dt>
          <dd class="admin-mono">{answer.ceiling?.join(', ') ?? 'no ceiling'}</dd>
          <dt>Permissions needed</dt>
          <dd class="admin-mono">{answer.permissionsRequired.join(', ') || NOTHING}</dd>
        </dl>
      </Panel>
      <Panel title="Why">
        <ol class="admin-list">
          {answer.why.map((sentence, place) => (
            <li key={place}>{sentence}</li>
          ))}
        </ol>
      </Panel>
      {answer.steps.length > 0 && (
        <Panel title="What would be called" class="is-wide">
          <Table
            caption="Entries of the pipeline in their order"
            rows={answer.steps.map((step, place) => ({ ...step, place }))}
            keyOf={({ place }) => String(place)}
            columns={[
              { id: 'module', title: 'Module', cell: ({ module }) => module },
              { id: 'phase', title: 'Phase', cell: ({ phase }) => phase },
              { id: 'entry', title: 'Entry', cell: ({ entry }) => <span class="admin-mono">{entry}</span> },
              { id: 'type', title: 'Type', cell: ({ type }) => type },
              {
                id: 'running',
                title: 'Runs',
                cell: ({ running }) => (running ? 'yes' : <Tag kind="trouble">no instance</Tag>),
              },
            ]}
          />
        </Panel>
      )}
    </div>
  );
};
