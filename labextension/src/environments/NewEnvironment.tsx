/** The form for an environment that is to be made. */
import * as React from 'react';

import { PanelModel } from '../panel/model';
import { Words } from '../panel/words';

/** What an environment may be called; the server says the same, but then the form is gone. */
const NAME = '\\s*[^\\s\\/\\\\:#]+\\s*';

export function NewEnvironment(props: {
  model: PanelModel;
  trans: Words;
  close: () => void;
}): JSX.Element {
  const { model, trans, close } = props;
  const [name, setName] = React.useState('');
  const [specs, setSpecs] = React.useState('python ipykernel');
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    close();
    void model.begin({
      verb: 'create',
      name: name.trim(),
      specs: specs.split(/\s+/).filter(Boolean)
    });
  };
  return (
    <form
      className="xc-New"
      onSubmit={submit}
      onKeyDown={event => event.key === 'Escape' && close()}
    >
      <input
        autoFocus
        required
        className="jp-mod-styled"
        placeholder={trans.__('Name')}
        pattern={NAME}
        title={trans.__('No blanks, and none of / \\ : #')}
        aria-label={trans.__('Name of the new environment')}
        value={name}
        onChange={event => setName(event.target.value)}
      />
      <input
        className="jp-mod-styled"
        aria-label={trans.__('Packages to begin with')}
        value={specs}
        onChange={event => setSpecs(event.target.value)}
      />
      <div className="xc-Buttons">
        <button
          className="jp-mod-styled jp-mod-reject"
          type="button"
          onClick={close}
        >
          {trans.__('Cancel')}
        </button>
        <button className="jp-mod-styled jp-mod-accept" type="submit">
          {trans.__('Create')}
        </button>
      </div>
    </form>
  );
}
