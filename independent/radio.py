"""
The lock's own link over BLE, written from docs/wire/ble-profile.md and BlueZ's documents of its D-Bus alone: an adapter,
and a peripheral in its reach, as bluetoothd shows them, on a D-Bus that is named. It shares no line with the rest of this
repository. It needs Debian's python3-dbus-next, which lock.py and cloud.py do not.

A Radio has `fd`: what the caller writes comes out of it, and what is written to it is notified in pieces.
"""
import asyncio
import logging
import socket
import threading

from dbus_next import DBusError, PropertyAccess
from dbus_next.aio import MessageBus
from dbus_next.service import ServiceInterface, dbus_property, method

SERVICE, TO_LOCK, FROM_LOCK = (f"6c6f636b-7072-6f6f-6600-00000000000{n}" for n in (1, 2, 3))
READ = PropertyAccess.READ
ROOT, ADAPTER = "/org/bluez", "/org/bluez/hci0"


def error(name: str, text: str) -> DBusError:
    return DBusError(f"org.bluez.Error.{name}", text)


# A refusal is an answer; the library writes it down as an accident.
logging.getLogger().addFilter(lambda record: "dbus_next.errors.DBusError" not in record.getMessage())


class Bus(MessageBus):
    def send(self, msg):
        # The library tells of objects from the object itself; BlueZ, and the specification, from the manager at the root.
        if msg.interface == "org.freedesktop.DBus.ObjectManager":
            msg.path = "/"
        return super().send(msg)


class Manager(ServiceInterface):
    """Bonding is not needed: who offers to answer questions is never asked any."""

    def __init__(self):
        super().__init__("org.bluez.AgentManager1")

    @method()
    def RegisterAgent(self, agent: "o", capability: "s"):
        pass

    @method()
    def UnregisterAgent(self, agent: "o"):
        pass

    @method()
    def RequestDefaultAgent(self, agent: "o"):
        pass


class Adapter(ServiceInterface):
    def __init__(self, heard):
        super().__init__("org.bluez.Adapter1")
        self.heard, self.discovering = heard, False

    def look(self, on: bool):
        if not on and not self.discovering:
            raise error("Failed", "No discovery started")
        self.discovering = on
        self.emit_properties_changed({"Discovering": on})
        if on:
            self.heard()

    @method()
    def StartDiscovery(self):
        self.look(True)

    @method()
    def StopDiscovery(self):
        self.look(False)

    @method()
    def SetDiscoveryFilter(self, properties: "a{sv}"):
        pass

    @dbus_property(access=READ)
    def Address(self) -> "s":
        return "00:00:5E:00:53:01"

    @dbus_property(access=READ)
    def Name(self) -> "s":
        return "independent"

    @dbus_property(access=READ)
    def Powered(self) -> "b":
        return True

    @dbus_property(access=READ)
    def Discovering(self) -> "b":
        return self.discovering


class Device(ServiceInterface):
    def __init__(self, radio):
        super().__init__("org.bluez.Device1")
        self.radio, self.connected = radio, False

    def turned(self, on: bool):
        self.connected = on
        self.emit_properties_changed({"Connected": on, "ServicesResolved": on})

    @method()
    def Connect(self):
        if not self.radio.on:
            raise error("Failed", "le-connection-abort-by-local")
        if not self.connected:
            self.radio.joined()

    @method()
    def Disconnect(self):
        if not self.connected:
            raise error("NotConnected", "Not Connected")
        self.radio.parted()

    @dbus_property(access=READ)
    def Address(self) -> "s":
        return self.radio.address

    @dbus_property(access=READ)
    def AddressType(self) -> "s":
        return "public"

    @dbus_property(access=READ)
    def Name(self) -> "s":
        return "independent lock"

    @dbus_property(access=READ)
    def Alias(self) -> "s":
        return "independent lock"

    @dbus_property(access=READ)
    def Paired(self) -> "b":
        return False

    @dbus_property(access=READ)
    def RSSI(self) -> "n":
        return -50

    @dbus_property(access=READ)
    def Adapter(self) -> "o":
        return ADAPTER

    @dbus_property(access=READ)
    def UUIDs(self) -> "as":
        return [SERVICE]

    @dbus_property(access=READ)
    def Connected(self) -> "b":
        return self.connected

    @dbus_property(access=READ)
    def ServicesResolved(self) -> "b":
        return self.connected


class Service(ServiceInterface):
    def __init__(self, device: str):
        super().__init__("org.bluez.GattService1")
        self.device = device

    @dbus_property(access=READ)
    def UUID(self) -> "s":
        return SERVICE

    @dbus_property(access=READ)
    def Device(self) -> "o":
        return self.device

    @dbus_property(access=READ)
    def Primary(self) -> "b":
        return True


class Characteristic(ServiceInterface):
    def __init__(self, radio, service: str, uuid: str, flag: str):
        super().__init__("org.bluez.GattCharacteristic1")
        self.radio, self.service, self.uuid, self.flag = radio, service, uuid, flag
        self.notifying, self.value = False, b""

    def need(self, flag: str):
        if not self.radio.device.connected:
            raise error("Failed", "Not connected")
        if self.flag != flag:
            raise error("NotSupported", "Operation is not supported")

    @method()
    async def WriteValue(self, value: "ay", options: "a{sv}"):
        self.need("write")
        if "type" in options and options["type"].value != "request":
            raise error("NotSupported", "Operation is not supported")
        if len(value) > self.radio.mtu - 3:
            raise error("InvalidValueLength", "Invalid Length")
        await self.radio.wrote(bytes(value))

    def subscribe(self, on: bool):
        self.need("notify")
        self.notifying = on
        self.emit_properties_changed({"Notifying": on})

    @method()
    def StartNotify(self):
        self.subscribe(True)

    @method()
    def StopNotify(self):
        self.subscribe(False)

    def notify(self, piece: bytes):
        self.value = piece
        self.emit_properties_changed({"Value": piece})

    @dbus_property(access=READ)
    def UUID(self) -> "s":
        return self.uuid

    @dbus_property(access=READ)
    def Service(self) -> "o":
        return self.service

    @dbus_property(access=READ)
    def Flags(self) -> "as":
        return [self.flag]

    @dbus_property(access=READ)
    def Notifying(self) -> "b":
        return self.notifying

    @dbus_property(access=READ)
    def MTU(self) -> "q":
        return self.radio.mtu

    @dbus_property(access=READ)
    def Value(self) -> "ay":
        return self.value


class Radio:
    """`connected` is told of every new connection. Two of the flaws of lock.py are its own."""

    def __init__(self, bus: str, address: str, mtu: int, flaw: str, connected):
        self.address, self.mtu, self.flaw, self.told = address, mtu, flaw, connected
        self.on, self.found, self.gatt = True, False, {}
        outer, self.inner = socket.socketpair()
        self.inner.setblocking(False)
        self.fd = outer.detach()
        self.path = f"{ADAPTER}/dev_{address.replace(':', '_')}"
        self.device = Device(self)
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        asyncio.run_coroutine_threadsafe(self.start(bus), self.loop).result(10)

    async def start(self, address: str):
        self.bus = await Bus(bus_address=address).connect()
        self.bus.export(ROOT, Manager())
        self.bus.export(ADAPTER, Adapter(self.heard))
        await self.bus.request_name("org.bluez")
        self.reading = asyncio.ensure_future(self.read())

    def heard(self):
        """It advertises all the time: who looks for it finds it at once."""
        if self.on and not self.found:
            self.found = True
            self.bus.export(self.path, self.device)

    def supply(self, on: bool):
        """Power comes or goes. Without it nothing is advertised, and a connection is lost."""
        self.loop.call_soon_threadsafe(self.supplied, on)

    def supplied(self, on: bool):
        self.on = on
        if not on and self.device.connected:
            self.parted()

    def joined(self):
        service = f"{self.path}/service0001"
        self.gatt = {
            service: Service(self.path),
            f"{service}/char0002": Characteristic(self, service, TO_LOCK, "write"),
            f"{service}/char0004": Characteristic(self, service, FROM_LOCK, "notify"),
        }
        for path, one in self.gatt.items():
            self.bus.export(path, one)
        self.told()
        self.device.turned(True)

    def parted(self):
        self.device.turned(False)
        for path in reversed(self.gatt):
            self.bus.unexport(path)
        self.gatt = {}

    async def wrote(self, piece: bytes):
        if self.flaw == "joins":
            # What ends a frame is enough: a 00 in front of one is taken for padding.
            piece = piece.lstrip(b"\x00")
        if self.flaw == "pieces":
            # One write is one frame.
            piece += b"\x00"
        await self.loop.sock_sendall(self.inner, piece)

    async def read(self):
        while data := await self.loop.sock_recv(self.inner, 65_536):
            for at in range(0, len(data), self.mtu - 3):
                for one in self.gatt.values():
                    if isinstance(one, Characteristic) and one.notifying:
                        one.notify(data[at : at + self.mtu - 3])
