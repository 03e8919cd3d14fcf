import type { RoleView } from '../../api/accounts.ts';

/** What each role may do. */
export const RoleList = ({ roles }: { readonly roles: readonly RoleView[] }) => (
  <dl class="role-list">
    {roles.map(({ name, title, description, permissions }) => (
      <div key={name}>
        <dt>{title}</dt>
        <dd>
          {description}
          <details>
            <summary>{permissions.length} permissions and sets</summary>
            <p class="admin-mono">{permissions.join(', ')}</p>
          </details>
        </dd>
      </div>
    ))}
  </dl>
);
