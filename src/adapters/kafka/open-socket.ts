import net from 'node:net';
import tls from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

const KEEP_ALIVE_AFTER_MS = 10_000;

/**
 * Opens a connection to a broker. Like what kafkajs does by itself, but lets it close a socket that never
 * connected as often as it likes: each time leaves a listener behind, of which Node warns.
 */
export const openSocket: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  // The types say that there always is an object here; without TLS there is none.
  const options = ssl as tls.ConnectionOptions | boolean | null | undefined;
  const socket = options ? openTls(host, port, options) : net.connect({ host, port });
  socket.once(options ? 'secureConnect' : 'connect', onConnect);
  socket.setMaxListeners(0);
  socket.setKeepAlive(true, KEEP_ALIVE_AFTER_MS);
  return socket;
};

function openTls(host: string, port: number, options: tls.ConnectionOptions | true): tls.TLSSocket {
  // An address is no name that a certificate could be asked for.
  const servername = net.isIP(host) === 0 ? { servername: host } : {};
  return tls.connect({ host, port, ...servername, ...(options === true ? {} : options) });
}
