package dev.parley.media.dtls;

import java.io.IOException;
import java.security.SecureRandom;
import org.bouncycastle.jcajce.util.DefaultJcaJceHelper;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsDecodeResult;
import org.bouncycastle.tls.crypto.TlsEncodeResult;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;

/**
 * Bouncy Castle's bridge to the JDK's own providers, with {@link RecordFilter} behind each cipher.
 * One for the process; any thread.
 */
final class DtlsCrypto extends JcaTlsCrypto {
  DtlsCrypto(SecureRandom random) {
    super(new DefaultJcaJceHelper(), random, random);
  }

  @Override
  public TlsCipher createCipher(
      TlsCryptoParameters parameters, int encryptionAlgorithm, int macAlgorithm)
      throws IOException {
    return new FilteredCipher(super.createCipher(parameters, encryptionAlgorithm, macAlgorithm));
  }

  /**
   * A cipher whose decrypted handshake records are looked at before Bouncy Castle believes them.
   */
  private record FilteredCipher(TlsCipher cipher) implements TlsCipher {
    @Override
    public TlsDecodeResult decodeCiphertext(
        long sequenceNumber,
        short recordType,
        ProtocolVersion version,
        byte[] ciphertext,
        int offset,
        int length)
        throws IOException {
      TlsDecodeResult decoded =
          cipher.decodeCiphertext(sequenceNumber, recordType, version, ciphertext, offset, length);
      if (decoded.contentType == ContentType.handshake
          && !RecordFilter.acceptsMessages(decoded.buf, decoded.off, decoded.len)) {
        // This alert is the one that drops the record without a word (RFC 6347 §4.1.2.7).
        throw new TlsFatalAlert(AlertDescription.bad_record_mac);
      }
      return decoded;
    }

    @Override
    public TlsEncodeResult encodePlaintext(
        long sequenceNumber,
        short contentType,
        ProtocolVersion version,
        int headerAllocation,
        byte[] plaintext,
        int offset,
        int length)
        throws IOException {
      return cipher.encodePlaintext(
          sequenceNumber, contentType, version, headerAllocation, plaintext, offset, length);
    }

    @Override
    public int getCiphertextDecodeLimit(int plaintextLimit) {
      return cipher.getCiphertextDecodeLimit(plaintextLimit);
    }

    @Override
    public int getCiphertextEncodeLimit(int plaintextLimit) {
      return cipher.getCiphertextEncodeLimit(plaintextLimit);
    }

    @Override
    public int getPlaintextDecodeLimit(int ciphertextLimit) {
      return cipher.getPlaintextDecodeLimit(ciphertextLimit);
    }

    @Override
    public int getPlaintextEncodeLimit(int ciphertextLimit) {
      return cipher.getPlaintextEncodeLimit(ciphertextLimit);
    }

    @Override
    public void rekeyDecoder() throws IOException {
      cipher.rekeyDecoder();
    }

    @Override
    public void rekeyEncoder() throws IOException {
      cipher.rekeyEncoder();
    }

    @Override
    public boolean usesOpaqueRecordTypeDecode() {
      return cipher.usesOpaqueRecordTypeDecode();
    }

    @Override
    public boolean usesOpaqueRecordTypeEncode() {
      return cipher.usesOpaqueRecordTypeEncode();
    }
  }
}
