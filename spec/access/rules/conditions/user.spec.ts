import test from 'ava';
import {fails, holds, refused, unknown} from '../../../helpers/rule-verdicts.js';

test(holds, 'user=bob', {});
test(holds, 'user=1002', {});
test(holds, 'user=me', {uid: 1001, user: 'alice'});
test(holds, 'user=ldap-user', {uid: 70_001, user: 'ldap-user'});
test(holds, 'user=4000', {uid: 4000, user: '4000'});
test(fails, 'user=alice', {});
test(fails, 'user=me', {});
// A name says nothing where there are numbers.
test(fails, 'user=alice', {user: 'alice'});
test(unknown, 'user=bob', {uid: undefined});
test(refused, 'user=bobb', /there is no user "bobb"$/, /did you mean user=bob\?/);
test(refused, 'user=', /has no value/);
test(refused, 'user=-x', /there is no user/);
test(refused, 'user=4294967295', /there is no user/);
test(refused, 'user=bob\x1b[2J', /there is no user "bob\\\\x1b\[2J"/);
