/** The sign and the name. */
export const Brand = ({ hasName = true }: { readonly hasName?: boolean }) => (
  <>
    <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true" class="brand-sign">
      <path
        d="M3 17a13 13 0 0 1 26 0c-2-2-4.300-2-6.500 0-2-2-4.400-2-6.500 0-2-2-4.400-2-6.500 0C7.300 15 5 15 3 17z"
        fill="currentColor"
      />
      <path
        d="M16 17v8.500a2.500 2.500 0 0 1-5 0"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round"
      />
    </svg>
    {hasName && <span>Rumbrella</span>}
  </>
);
