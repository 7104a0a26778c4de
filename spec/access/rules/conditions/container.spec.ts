import test from 'ava';
import {fails, holds, refused, unknown} from '../../../helpers/rule-verdicts.js';

const id = '0123456789abcdef'.repeat(4);
test(holds, 'container=0123456789AB', {container: id});
test(holds, `container=${id}`, {container: id});
test(fails, 'container=0123456789ac', {container: id});
test(fails, 'container=0123456789ab', {});
test(unknown, 'container=0123456789ab', {pid: 0});
test(refused, 'container=0123456789a', /expected 12 to 64 hexadecimal digits/);
test(refused, 'container=web', /expected 12 to 64 hexadecimal digits/, /docker ps/);
