package dev.parley.benchmarks.client;

/** Hears, on the client loop, what becomes of a {@link PeerConnection}. */
interface ConnectionListener {
  /** Media may flow. */
  void onConnected();

  /** The first RTP packet has been received. */
  void onFirstAudio();

  /** It has failed, or says goodbye. */
  void onOver(ClientState how, String why);

  /** It is gone, and so is its socket. */
  void onGone();
}
