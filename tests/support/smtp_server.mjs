// npm's smtp-server as a peer of the tests: prints "port N", then one line of JSON for each message that it took.
//   node smtp_server.mjs PEERS '{"refuse":{"a@x":[550,"no such user"]},"grey":{"b@x":1},"auth":["user","password"],
//                               "cert":"file","key":"file","implicit":true,"lose":1,"final":[552,"too large"],"noTls":true}'
// grey: refuses an address with 451 that many times. lose: ends the connection after the final dot of that many messages.
// Every address is invented.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(process.argv[2] + '/');
const { SMTPServer } = require('smtp-server');
const wish = JSON.parse(process.argv[3] ?? '{}');
const refusal = ([code, text]) => Object.assign(new Error(text), { responseCode: code });

const server = new SMTPServer({
  secure: wish.implicit ?? false,
  cert: wish.cert && readFileSync(wish.cert),
  key: wish.key && readFileSync(wish.key),
  authOptional: !wish.auth,
  disabledCommands: wish.noTls ? ['STARTTLS', 'AUTH'] : wish.auth ? [] : ['AUTH'],
  logger: false,
  disableReverseLookup: true,
  onAuth(auth, session, done) {
    const [user, password] = wish.auth;
    if (auth.username !== user || auth.password !== password) return done(new Error('no such login: ' + auth.password));
    done(null, { user });
  },
  onRcptTo({ address }, session, done) {
    if (wish.refuse?.[address]) return done(refusal(wish.refuse[address]));
    if (wish.grey?.[address] > 0 && wish.grey[address]--) return done(refusal([451, 'come back later']));
    done();
  },
  onData(stream, session, done) {
    let data = '';
    stream.on('data', (part) => (data += part.toString('latin1')));
    stream.on('end', () => {
      const to = session.envelope.rcptTo.map((one) => one.address);
      console.log(JSON.stringify({ to, from: session.envelope.mailFrom.address, secure: session.secure, user: session.user ?? '', data }));
      if (wish.lose > 0 && wish.lose--) return server.connections.forEach((one) => one._socket.destroy());
      done(wish.final && refusal(wish.final));
    });
  },
});
server.on('error', () => {});
server.listen(0, '127.0.0.1', () => console.log('port ' + server.server.address().port));
