/* A Modbus RTU slave made of libmodbus: modbus_slave DEVICE ["flash"].
 *
 * Its eight doors are shut: discrete inputs 0 to 7 are 1, and so are registers 0081 to 0088. Writing register N opens
 * door N. With "flash" it also takes writes of coils 0200 to 0207, which the standard does not know, and opens that
 * door; without, libmodbus refuses their addresses. It lives until it is terminated.
 */
#include <errno.h>
#include <modbus/modbus.h>
#include <stdio.h>
#include <string.h>

enum { ADDRESS = 1, DOORS = 8, FLASH = 0x0200, INPUTS = 0x0081, REGISTERS = 0x1010 };

static int number(const uint8_t *at) { return at[0] << 8 | at[1]; }

int main(int argc, char **argv) {
    const int takes_flash = argc > 2 && strcmp(argv[2], "flash") == 0;
    modbus_t *line = argc > 1 ? modbus_new_rtu(argv[1], 9600, 'N', 8, 1) : NULL;
    modbus_mapping_t *map = modbus_mapping_new(DOORS, DOORS, REGISTERS, 0);
    uint8_t query[MODBUS_RTU_MAX_ADU_LENGTH];

    if (line == NULL || map == NULL || modbus_set_slave(line, ADDRESS) || modbus_connect(line)) {
        fprintf(stderr, "modbus_slave: %s\n", modbus_strerror(errno));
        return 1;
    }
    for (int door = 0; door < DOORS; door++) {
        map->tab_input_bits[door] = 1;
        map->tab_registers[INPUTS + door] = 1;
    }
    puts("ready");
    fflush(stdout);
    for (;;) {
        const int length = modbus_receive(line, query);
        const int function = query[1], door = number(query + 2);
        if (length <= 0)
            continue;
        if (takes_flash && function == MODBUS_FC_WRITE_SINGLE_COIL && door >= FLASH && door < FLASH + DOORS) {
            map->tab_input_bits[door - FLASH] = 0;
            modbus_send_raw_request(line, query, 6);
            continue;
        }
        if (function == MODBUS_FC_WRITE_SINGLE_REGISTER && door >= 1 && door <= DOORS)
            map->tab_registers[INPUTS + door - 1] = 0;
        modbus_reply(line, query, length, map);
    }
}
