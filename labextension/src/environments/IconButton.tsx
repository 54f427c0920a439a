/** A button that is an icon; its label is said and shown when pointed at. */
import { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

export function IconButton(props: {
  icon: LabIcon;
  label: string;
  onClick: (button: HTMLElement) => void;
  disabled?: boolean;
  /** -1 where another key than Tab leads to it. */
  tabIndex?: number;
  /** It opens a menu. */
  hasMenu?: boolean;
}): JSX.Element {
  return (
    <button
      type="button"
      className="jp-Button jp-mod-minimal xc-IconButton"
      title={props.label}
      aria-label={props.label}
      aria-haspopup={props.hasMenu ? 'menu' : undefined}
      disabled={props.disabled}
      tabIndex={props.tabIndex}
      onClick={event => props.onClick(event.currentTarget)}
    >
      <props.icon.react tag="span" elementSize="normal" />
    </button>
  );
}
