package dev.parley.testsupport;

import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * What {@link DynamoDbLocal} runs: the server, but on loopback only and on a port that the system
 * chooses, neither of which its own command line offers. Says the port; ends when its standard
 * input does, which is when its parent has ended.
 */
final class DynamoDbLocalProcess {
  /** What precedes the port, in the line that says that the server listens. */
  static final String PORT = "listening on port ";

  private DynamoDbLocalProcess() {}

  /** Takes the folder to keep all in, or nothing: then it is in memory. */
  public static void main(String[] arguments) throws Exception {
    List<String> options = new ArrayList<>(List.of("-sharedDb", "-disableTelemetry"));
    options.addAll(arguments.length == 0 ? List.of("-inMemory") : List.of("-dbPath", arguments[0]));
    DynamoDBProxyServer local =
        ServerRunner.createServerFromCommandLineArgs(options.toArray(String[]::new));
    ServerConnector connector = connector(local);
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    local.start();
    System.out.println(PORT + connector.getLocalPort());
    while (System.in.read() >= 0) {
      // Nothing is expected; only the end counts.
    }
    // Its own threads would keep it alive.
    Runtime.getRuntime().halt(0);
  }

  private static ServerConnector connector(DynamoDBProxyServer local)
      throws ReflectiveOperationException {
    Field field = DynamoDBProxyServer.class.getDeclaredField("server");
    field.setAccessible(true);
    Server server = (Server) field.get(local);
    return (ServerConnector) server.getConnectors()[0];
  }
}
