import { test } from 'vitest';
import { configOf, northwind, told,faultsOf } from './northwind.js';
import { printFaults } from '../../src/config/fault.js';
test('x', () => {
  
  console.log(printFaults(faultsOf(northwind,{})));
  const tries: [string,string][][] = [
   [['from: security','from: securty']],
   [['tier: L2 }','teir: L2 }']],
   [['colour: green','colour: grean']],
   [['approvals: none\n    durations: [30m, 1h, 4h]','approvals: []\n    durations: 4 hours']],
   [['approvals: [{ from: leads, need: 1 }]\n','approvals: [{ form: leads, need: 1 }]\n']],
   [['approvals: [{ from: leads, need: 1 }]\n','approvals: one\n']],
   [['approvals: [{ from: leads, need: 1 }]\n','\n']],
   [['app_password: ${MICROSOFT_APP_PASSWORD}','app_password: hunter2hunter2']],
   [['password: vault','password: hunter2']],
   [['account: "111122223333"','account: 111122223333']],
   [['postgres://keyturn@','postgres://keyturn:hunter2@']],
   [['need: 1 }, { from: security, need: 1 }','need: 1 }, { from: security, need: 3 }']],
   [['need: 1 }, { from: security, need: 1 }','need: 2 }, { from: lena@northwind.example, need: 1 }']],
   [['approves: true }\n    systems:\n      - { id: delta','approves: false }\n    systems:\n      - { id: delta']],
   [['kind: aws-root','kind: aws-rot']],
   [['host: "${DUO_API_HOST}", integration','host: ${DUO_API_HOST}, integration']],
   [['  security: [','  leads: [']], [['  security: [','  L1: [']],
   [['operator:','operator:\n\t']],
   [['people:','people: &x']],
   [['\nmfa:','\nmfb:']],
   [['timezone: America/Chicago','timezone: America/Chicgo']],
   [['verified: when-offered','verified: when-offered, verified: never']],
  ];
  for (const t of tries) console.log(t[0]![1].slice(0,40), '\n   ', told(...t));
});
