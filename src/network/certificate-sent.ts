import type { DetailedPeerCertificate, TLSSocket } from "node:tls";

/**
 * The most certificates of one handshake that are looked at. OpenSSL takes up to 100 KB of them, which could be
 * hundreds; servers send two to five.
 */
const MOST_CERTIFICATES = 50;

/**
 * The certificates that lead from the leaf to its issuers, as far as they were sent (DER, leaf first). What a server
 * sent beside that path is missing. With an empty trust store nothing else is added.
 */
export function certificatesOnPath(socket: TLSSocket): readonly Buffer[] {
  const found: Buffer[] = [];
  // The types promise a certificate; without one Node gives an empty object.
  let current: Partial<DetailedPeerCertificate> | undefined = socket.getPeerCertificate(true);
  while (current?.raw !== undefined && found.length < MOST_CERTIFICATES) {
    found.push(current.raw);
    // A root is its own issuer.
    current = current.issuerCertificate === current ? undefined : current.issuerCertificate;
  }
  return found;
}

/**
 * All certificates as sent, in the order of sending. Node 24 takes them out of the session and never frees those after
 * the leaf, several kilobytes each: to be called rarely, once for a connection, and after `certificatesOnPath`.
 */
export function certificatesAsSent(socket: TLSSocket): readonly Buffer[] {
  const found: Buffer[] = [];
  let current = socket.getPeerX509Certificate();
  while (current !== undefined && found.length < MOST_CERTIFICATES) {
    found.push(current.raw);
    current = current.issuerCertificate;
  }
  return found;
}
