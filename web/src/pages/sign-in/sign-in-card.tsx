import type { ComponentChildren } from 'preact';
import { Brand } from '../../shell/brand.tsx';
import './sign-in.css';

/** The form with which one comes in: the brand, what it is about, its fields. */
export const SignInCard = ({
  title,
  onSubmit,
  children,
  beside,
}: {
  readonly title: string;
  readonly onSubmit: () => Promise<void>;
  readonly children: ComponentChildren;
  /** Under the card. */
  readonly beside?: ComponentChildren;
}) => (
  <main class="sign-in">
    <form
      class="sign-in-card"
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit();
      }}
    >
      <div class="sign-in-brand">
        <Brand />
      </div>
      <h1>{title}</h1>
      {children}
    </form>
    {beside}
  </main>
);
