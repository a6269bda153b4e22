import { connect, type Socket } from "node:net";

/** Passes a connection on to a port of this machine. `isLast` may end it by what the client says. */
export const passTo =
  (port: number, isLast: (said: Buffer) => boolean = () => false) =>
  (socket: Socket) => {
    const target = connect(port, "127.0.0.1");
    target.on("error", () => socket.destroy());
    socket.on("close", () => target.destroy());
    socket.on("data", (said) => {
      if (isLast(said)) socket.destroy();
      else target.write(said);
    });
    target.pipe(socket);
  };
