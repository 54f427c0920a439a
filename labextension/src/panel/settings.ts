/** What people can set about the panel; schema/plugin.json describes it to them. */
export interface IPanelSettings {
  /** The side of the window where the panel is. */
  side: 'left' | 'right';
  /** `always`: ask before any plan is applied; `removals`: only when it takes something away. */
  confirm: 'always' | 'removals';
  /** Read the environments again when the window gets the focus. */
  refreshOnFocus: boolean;
}

export const USUAL: IPanelSettings = {
  side: 'left',
  confirm: 'always',
  refreshOnFocus: true
};

/** Return settings as read from the registry, what is missing or odd being as usual. */
export function readSettings(
  composite: { readonly [name: string]: unknown } | undefined
): IPanelSettings {
  const { side, confirm, refreshOnFocus } = composite ?? {};
  return {
    side: side === 'right' ? 'right' : 'left',
    confirm: confirm === 'removals' ? 'removals' : 'always',
    refreshOnFocus: refreshOnFocus !== false
  };
}
