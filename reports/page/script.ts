/** The only script of a page: filters the table and copies commands. Without it nothing is missing. */
export const script = `(() => {
  'use strict';
  const make = (tag, text, name) => {
    const element = document.createElement(tag);
    element.textContent = text;
    if (name) element.className = name;
    return element;
  };
  const rows = [...document.querySelectorAll('table.list tr[data-status]')];
  const bar = document.getElementById('filter');
  const counts = [...document.querySelectorAll('[data-show]')];
  if (bar && rows.length > 0) {
    const search = make('input', '');
    search.type = 'search';
    search.id = 'search';
    const label = make('label', 'Find');
    label.htmlFor = 'search';
    const kinds = make('div', '', 'kinds');
    kinds.setAttribute('role', 'group');
    kinds.setAttribute('aria-label', 'Verdicts shown');
    const told = make('p', '', 'soft');
    told.setAttribute('role', 'status');
    let only = null;
    const buttons = [];
    const apply = () => {
      const wanted = search.value.trim().toLowerCase();
      let shown = 0;
      for (const row of rows) {
        const fits = (only === null || row.dataset.status === only) && row.textContent.toLowerCase().includes(wanted);
        row.hidden = !fits;
        if (fits) shown += 1;
      }
      for (const body of document.querySelectorAll('table.list tbody'))
        body.hidden = !body.querySelector('tr[data-status]:not([hidden])');
      for (const [status, button] of buttons) button.setAttribute('aria-pressed', String(status === only));
      told.textContent = shown + ' of ' + rows.length + ' shown';
    };
    const show = (status) => {
      only = only === status ? null : status;
      apply();
    };
    for (const link of counts) {
      const status = link.dataset.show;
      if (!rows.some((row) => row.dataset.status === status)) continue;
      const button = make('button', '');
      button.type = 'button';
      for (const part of link.querySelector('.label').childNodes) button.append(part.cloneNode(true));
      button.addEventListener('click', () => show(status));
      buttons.push([status, button]);
      kinds.append(button);
      link.addEventListener('click', () => {
        only = status === 'fail' ? null : status;
        apply();
      });
    }
    for (const link of document.querySelectorAll('a[href^="#r-"]'))
      link.addEventListener('click', () => {
        only = null;
        search.value = '';
        apply();
      });
    search.addEventListener('input', apply);
    bar.append(label, search, told, kinds);
    bar.hidden = false;
    apply();
  }
  for (const code of document.querySelectorAll('[data-copy]')) {
    const button = make('button', 'Copy');
    button.type = 'button';
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = 'Copied';
      } catch {
        getSelection().selectAllChildren(code);
        button.textContent = 'Selected';
      }
    });
    code.after(button);
  }
})();`;
