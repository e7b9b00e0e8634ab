package dev.parley.media.transport;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;

/** How a {@link TestClient} reaches its server. */
interface TestWire {
  void send(byte[] datagram, int length) throws IOException;

  /** Waits for one. */
  byte[] receive() throws IOException;

  void close();

  static TestWire udp(InetSocketAddress server) throws IOException {
    DatagramSocket socket = new DatagramSocket();
    socket.connect(server);
    return new TestWire() {
      @Override
      public void send(byte[] datagram, int length) throws IOException {
        socket.send(new DatagramPacket(datagram, length));
      }

      @Override
      public byte[] receive() throws IOException {
        byte[] in = new byte[2000];
        DatagramPacket packet = new DatagramPacket(in, in.length);
        socket.receive(packet);
        return Arrays.copyOf(in, packet.getLength());
      }

      @Override
      public void close() {
        socket.close();
      }
    };
  }

  /** One connection, framed as RFC 4571 says. */
  static TestWire tcp(InetSocketAddress server) throws IOException {
    Socket socket = new Socket(server.getAddress(), server.getPort());
    socket.setTcpNoDelay(true);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    return new TestWire() {
      @Override
      public void send(byte[] datagram, int length) throws IOException {
        byte[] frame = new byte[Short.BYTES + length];
        frame[0] = (byte) (length >>> 8);
        frame[1] = (byte) length;
        System.arraycopy(datagram, 0, frame, Short.BYTES, length);
        out.write(frame);
      }

      @Override
      public byte[] receive() throws IOException {
        byte[] datagram = new byte[in.readUnsignedShort()];
        in.readFully(datagram);
        return datagram;
      }

      @Override
      public void close() {
        try {
          socket.close();
        } catch (IOException _) {
          // It was to go.
        }
      }
    };
  }
}
