import test from 'ava';
import {fails, holds, refused, unknown} from '../../../helpers/rule-verdicts.js';

test(holds, 'pid=900', {});
test(fails, 'pid=900', {lineage: [4121, 1], started: ['5000', '1']});
// The number has been given to another process.
test(fails, 'pid=900', {started: ['5000', '999', '1']});
test(unknown, 'pid=900', {started: ['5000']});
test(unknown, 'pid=900', {pid: 0, lineage: [], started: []});
test(refused, 'pid=902', /there is no process 902/);
test(refused, 'pid=901', /there is no process 901/);
test(refused, 'pid=0', /expected the number of a process/);
test(refused, 'pid=900x', /expected the number of a process/);
