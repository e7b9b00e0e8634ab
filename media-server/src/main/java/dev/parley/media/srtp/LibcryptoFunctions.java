package dev.parley.media.srtp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The functions of OpenSSL 3's libcrypto that AES-128-GCM takes, as Java calls. Handles are
 * constants, so that the JIT compiles a call to a plain native call without garbage; native
 * addresses are numbers, null is 0. Where the library, a function or the right to call it is
 * missing, its initialisation fails; {@link SrtpCiphers} is who asks first.
 *
 * <p>Calls for a packet are <em>critical</em>: the thread does not leave Java for them. Each is
 * over within a microsecond.
 */
final class LibcryptoFunctions {
  static final long NULL = 0;
  static final int FAILED = -1;

  /** {@code EVP_CTRL_AEAD_GET_TAG}. */
  static final int GET_TAG = 0x10;

  /** {@code OSSL_PARAM_OCTET_STRING}. */
  static final int OCTET_STRING = 5;

  private static final int KEEP_DIRECTION = -1;

  /** Bytes that an {@code EVP_CIPHER_CTX} of OpenSSL 3 has at the least. */
  private static final int CONTEXT_LENGTH_MIN = 168;

  private static final int CACHE_LINE_LENGTH = 64;

  /** All memory, to read at an address without an object for it. */
  private static final MemorySegment MEMORY = allMemory();

  // Never a name without a version: macOS ends a process that loads its own libcrypto.dylib.
  private static final String[] FILE_NAMES = {
    "libcrypto.so.3",
    "libcrypto.3.dylib",
    "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib",
    "/usr/local/opt/openssl@3/lib/libcrypto.3.dylib",
    "libcrypto-3-x64.dll"
  };

  private static final SymbolLookup SYMBOLS = load();

  private static final FunctionDescriptor INITIALISATION =
      FunctionDescriptor.of(
          JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);

  private static final MethodHandle CIPHER_FETCH =
      bind("EVP_CIPHER_fetch", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG));
  private static final MethodHandle CONTEXT_NEW =
      bind("EVP_CIPHER_CTX_new", FunctionDescriptor.of(JAVA_LONG));
  private static final MethodHandle CONTEXT_FREE =
      bind("EVP_CIPHER_CTX_free", FunctionDescriptor.ofVoid(JAVA_LONG));
  private static final MethodHandle SET_KEY = bind("EVP_CipherInit_ex2", INITIALISATION);
  private static final MethodHandle SET_NONCE =
      bind("EVP_CipherInit_ex2", INITIALISATION, Linker.Option.critical(false));
  private static final MethodHandle CIPHER =
      bind(
          "EVP_Cipher",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT),
          Linker.Option.critical(false));
  private static final MethodHandle CONTROL =
      bind(
          "EVP_CIPHER_CTX_ctrl",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG),
          Linker.Option.critical(false));

  /** The name of the parameter that carries a tag. */
  static final long TAG_NAME = Arena.global().allocateFrom("tag").address();

  /** {@code EVP_CIPHER *} of AES-128-GCM, for the life of the process. */
  static final long AES_128_GCM = fetch("AES-128-GCM");

  private LibcryptoFunctions() {}

  /** A new {@code EVP_CIPHER_CTX} of AES-128-GCM with its key. */
  static long newContext(boolean encrypts, byte[] key) {
    long context = NULL;
    try (Arena arena = Arena.ofConfined()) {
      context = (long) CONTEXT_NEW.invokeExact();
      MemorySegment keyBytes = arena.allocateFrom(JAVA_BYTE, key);
      int encryptsFlag = encrypts ? 1 : 0;
      int answer =
          context == NULL
              ? 0
              : (int)
                  SET_KEY.invokeExact(
                      context, AES_128_GCM, keyBytes.address(), NULL, encryptsFlag, NULL);
      keyBytes.fill((byte) 0);
      if (answer != 1) {
        freeContext(context);
        throw new IllegalStateException("libcrypto gave no AES-128-GCM context");
      }
      return context;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Wipes and frees a context; null is allowed. */
  static void freeContext(long context) {
    try {
      CONTEXT_FREE.invokeExact(context);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Begins a packet: its nonce, and with {@code parameters} a tag to compare with. */
  static boolean setNonce(long context, long nonce, long parameters) {
    try {
      return (int) SET_NONCE.invokeExact(context, NULL, NULL, nonce, KEEP_DIRECTION, parameters)
          == 1;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /**
   * Reads of a context what is certainly its own, so that it is in the processor's cache when it is
   * used. The answer says nothing.
   */
  static long touch(long context) {
    long read = 0;
    for (int offset = 0; offset < CONTEXT_LENGTH_MIN; offset += CACHE_LINE_LENGTH) {
      read += MEMORY.get(JAVA_BYTE, context + offset);
    }
    return read;
  }

  /**
   * Authenticates the input if there is no output, else encrypts or decrypts it; without input,
   * ends the packet.
   *
   * @return the input's length or {@link #FAILED}: at the end of a decrypted packet, a wrong tag
   */
  static int cipher(long context, long output, long input, int length) {
    try {
      return (int) CIPHER.invokeExact(context, output, input, length);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Writes the tag of a packet that was encrypted and finished. */
  static boolean readTag(long context, long tag, int length) {
    try {
      return (int) CONTROL.invokeExact(context, GET_TAG, length, tag) == 1;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  @SuppressWarnings("restricted")
  private static MemorySegment allMemory() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }

  private static long fetch(String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment nameBytes = arena.allocateFrom(name);
      long cipher = (long) CIPHER_FETCH.invokeExact(NULL, nameBytes, NULL);
      if (cipher == NULL) {
        throw new IllegalStateException("libcrypto has no " + name);
      }
      return cipher;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  @SuppressWarnings("restricted")
  private static SymbolLookup load() {
    if (ADDRESS.byteSize() != Long.BYTES) {
      throw new UnsupportedOperationException("addresses are not 64 bits");
    }
    for (String fileName : FILE_NAMES) {
      try {
        return SymbolLookup.libraryLookup(fileName, Arena.global());
      } catch (IllegalArgumentException absent) {
        // The next may be there.
      }
    }
    throw new UnsupportedOperationException("no libcrypto 3");
  }

  @SuppressWarnings("restricted")
  private static MethodHandle bind(
      String function, FunctionDescriptor descriptor, Linker.Option... options) {
    return Linker.nativeLinker().downcallHandle(SYMBOLS.findOrThrow(function), descriptor, options);
  }

  /** libcrypto throws nothing; what arrives here is ours. */
  private static RuntimeException impossible(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException("libcrypto call failed", e);
  }
}
