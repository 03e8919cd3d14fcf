/** An agency that acts for a shop and a paper, by a rule for the shop; and a partner of the shop, which is one step too far for the agency. */
export const agencyMap = `
- user: { prefix: agency, expire: 2028-01-01 }
- user: { prefix: shop, expire: 2028-01-01 }
- user: { prefix: news, expire: 2028-01-01 }
- user: { prefix: partner, expire: 2028-01-01 }
- relation:
    tenant: agency
    executes_as: [shop, news]
    modules: [mod-notes]
    when:
      - { query: { site: shop }, tenant: shop }
    permissions: [notes.*]
    expire: 2026-11-22T12:30:00Z
- relation: { tenant: shop, executes_as: [partner], modules: [mod-notes], permissions: ['*'], expire: 2028-01-01 }
`;
